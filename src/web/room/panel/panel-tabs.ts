import { History, Split, Users } from 'lucide-react';
import { lazy } from 'react';
import { ConflictCount } from '../conflicts/conflict-count.tsx';
import type { PanelTab } from './panel-tab.ts';

const ActivityTab = lazy(() => import('./activity-tab.tsx').then((part) => ({ default: part.ActivityTab })));
const PeopleTab = lazy(() =>
  import('../people/people-tab.tsx').then((part) => ({ default: part.PeopleTab })),
);
const ConflictsTab = lazy(() =>
  import('../conflicts/conflicts-tab.tsx').then((part) => ({ default: part.ConflictsTab })),
);

/** In their order. A tab more is a line more. */
export const PANEL_TABS: readonly PanelTab[] = [
  {
    id: 'activity',
    title: 'Activity',
    icon: History,
    words: 'log history changes refused',
    component: ActivityTab,
  },
  {
    id: 'people',
    title: 'People',
    icon: Users,
    words: 'access permission share invite host',
    component: PeopleTab,
  },
  {
    id: 'conflicts',
    title: 'Conflicts',
    icon: Split,
    badge: ConflictCount,
    words: 'two values choose held waiting settle',
    component: ConflictsTab,
  },
];

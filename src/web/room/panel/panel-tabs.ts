import { History, Split, Users } from 'lucide-react';

import { ConflictCount } from '../conflicts/conflict-count.tsx';
import type { PanelTab } from './panel-tab.ts';
import { lazyPart } from '../../app/lazy-part.ts';

const ActivityTab = lazyPart(() => import('./activity-tab.tsx').then((part) => part.ActivityTab));
const PeopleTab = lazyPart(() => import('../people/people-tab.tsx').then((part) => part.PeopleTab));
const ConflictsTab = lazyPart(() =>
  import('../conflicts/conflicts-tab.tsx').then((part) => part.ConflictsTab),
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

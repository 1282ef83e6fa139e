import { History, Users } from 'lucide-react';
import { lazy } from 'react';
import type { PanelTab } from './panel-tab.ts';

const ActivityTab = lazy(() => import('./activity-tab.tsx').then((part) => ({ default: part.ActivityTab })));
const PeopleTab = lazy(() => import('./people-tab.tsx').then((part) => ({ default: part.PeopleTab })));

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
];

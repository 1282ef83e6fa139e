import { createContext, use, useMemo, useSyncExternalStore } from 'react';
import { present } from '../../lib/assert.ts';
import type { LoggedEntry } from '../../wire/http-schemas.ts';
import type { Describing } from '../room/panel/feed-line.ts';
import type { History, HistoryView } from './history-store.ts';
import { newestOf } from './timeline.ts';

/** The open history, for components. */
export const HistoryContext = createContext<History | null>(null);

export const useHistory = (): History => present(use(HistoryContext), 'a history is open above');

export function useHistoryView(): HistoryView {
  const history = useHistory();
  return useSyncExternalStore(history.observe, history.view);
}

/** How entries are put into words here. */
export function useDescribing(): Describing {
  const history = useHistory();
  return useMemo(() => ({ rowName: history.rowName }), [history]);
}

/** An entry of the log; null until it is there. */
export function useEntry(seq: number): LoggedEntry | null {
  const { entries } = useHistory();
  return useSyncExternalStore(entries.observe, () => entries.get(seq));
}

/** The number of the newest entry. */
export const useNewest = (): number => newestOf(useHistoryView().timeline);

import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { Draft } from '../cell/cell-draft.ts';
import { useQuote } from '../room/use-room.ts';
import { useGrid } from './use-grid.ts';

export const isRefused = (draft: Draft | null): boolean => draft !== null && draft.problem !== null;

/** While it is said at the cursor why something was not taken, that is asked again: it may hold no more. */
export function useAskAgain(cell: string | null, isShown: boolean): void {
  const quote = useQuote();
  const { editing } = useGrid();
  useEffect(() => {
    if (!isShown || cell === null) return undefined;
    const ends = [quote.foresight.observe(editing.askAgain), quote.observe(cell, editing.askAgain)];
    return () => {
      for (const end of ends) end();
    };
  }, [quote, editing, cell, isShown]);
}

/** Of the cell under the cursor; of all others it is closed. */
export function useTyping(isCursor: boolean): 'closed' | 'open' | 'refused' {
  const { store } = useGrid();
  const observe = useCallback((listener: () => void) => store.observe('draft', listener), [store]);
  return useSyncExternalStore(observe, () => {
    const draft = isCursor ? store.draft() : null;
    return draft === null ? 'closed' : isRefused(draft) ? 'refused' : 'open';
  });
}

import { useMemo } from 'react';
import { isHidden, layOut, orderOf, parsePrefs, prefsKey } from '../grid/column-prefs.ts';
import { type GridColumn, gridColumns } from '../grid/grid-columns.ts';
import { usePerson } from '../sign-in/use-sign-in.ts';

/** The columns as this person likes them in the room, and their widths in px. */
export function useFrozenColumns(free: readonly string[], available: number) {
  const { user } = usePerson();
  const freeNames = free.join(' ');
  return useMemo(() => {
    const prefs = parsePrefs(readKept(user));
    const all = gridColumns(freeNames === '' ? [] : freeNames.split(' '));
    const byId = new Map(all.map((column) => [column.id, column]));
    const shown = orderOf(prefs, all)
      .map((id) => byId.get(id))
      .filter((column): column is GridColumn => column !== undefined && !isHidden(prefs, column));
    return { shown, widths: layOut(shown, prefs.widths, available) };
  }, [user, freeNames, available]);
}

/** A browser may forbid storage: then the columns are as they come. */
function readKept(user: string): string | null {
  try {
    return localStorage.getItem(prefsKey(user));
  } catch {
    return null;
  }
}

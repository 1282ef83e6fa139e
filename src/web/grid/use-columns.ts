import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { usePerson } from '../sign-in/use-sign-in.ts';
import {
  COLUMN_WIDTH_MAX,
  COLUMN_WIDTH_MIN,
  type ColumnPrefs,
  isHidden,
  layOut,
  noPrefs,
  orderOf,
  parsePrefs,
  prefsKey,
} from './column-prefs.ts';
import { type GridColumn, gridColumns } from './grid-columns.ts';
import type { LineSheet } from './line-sheet.ts';

const features = tableFeatures({
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
});

const NO_ROWS: readonly object[] = [];

/** The columns as this person sees them: order, widths in px, which are hidden; remembered on the device. */
export type GridTable = ReturnType<typeof useColumns>;

/** `available` is the width for all columns, in px. Rows are not the table's: the virtual list has them. */
export function useColumns(sheet: LineSheet, available: number) {
  const observe = useCallback((listener: () => void) => sheet.observe('rows', listener), [sheet]);
  const free = useSyncExternalStore(observe, sheet.freeColumns);
  const columns = useMemo(() => gridColumns(free), [free]);
  const [prefs, setPrefs] = useColumnPrefs();

  const state = useMemo(() => {
    const columnOrder = [...orderOf(prefs, columns)];
    const byId = new Map(columns.map((column) => [column.id, column]));
    const shown = columnOrder
      .map((id) => byId.get(id))
      .filter((column): column is GridColumn => column !== undefined && !isHidden(prefs, column));
    const widths = layOut(shown, prefs.widths, available);
    return {
      shown,
      columnOrder,
      columnVisibility: Object.fromEntries(columns.map((column) => [column.id, !isHidden(prefs, column)])),
      columnSizing: Object.fromEntries(shown.map(({ id }, at) => [id, widths[at] ?? COLUMN_WIDTH_MIN])),
    };
  }, [available, columns, prefs]);

  const { shown, ...tableState } = state;
  const table = useTable({
    features,
    columns: useMemo(
      () =>
        columns.map(({ id, title }) => ({
          id,
          header: title,
          minSize: COLUMN_WIDTH_MIN,
          maxSize: COLUMN_WIDTH_MAX,
        })),
      [columns],
    ),
    data: NO_ROWS,
    state: tableState,
    columnResizeMode: 'onChange',
    onColumnOrderChange: (update) => {
      const order = typeof update === 'function' ? update(tableState.columnOrder) : update;
      setPrefs((before) => ({ ...before, order }));
    },
    onColumnVisibilityChange: (update) => {
      const visible = typeof update === 'function' ? update(tableState.columnVisibility) : update;
      const hidden = Object.fromEntries(Object.entries(visible).map(([id, isShown]) => [id, !isShown]));
      setPrefs((before) => ({ ...before, hidden: { ...before.hidden, ...hidden } }));
    },
    onColumnSizingChange: (update) => {
      const sized = typeof update === 'function' ? update(tableState.columnSizing) : update;
      const changed = Object.entries(sized).filter(([id, width]) => tableState.columnSizing[id] !== width);
      if (changed.length === 0) return;
      const widths = changed.map(([id, width]) => [id, clampWidth(width)] as const);
      setPrefs((before) => ({ ...before, widths: { ...before.widths, ...Object.fromEntries(widths) } }));
    },
  });

  return { table, shown, all: columns, order: tableState.columnOrder, reset: () => setPrefs(() => noPrefs) };
}

const clampWidth = (width: number): number =>
  Math.round(Math.min(Math.max(width, COLUMN_WIDTH_MIN), COLUMN_WIDTH_MAX));

function useColumnPrefs() {
  const { user } = usePerson();
  const [prefs, setPrefs] = useState(() => parsePrefs(readKept(user)));
  const change = useCallback(
    (next: (before: ColumnPrefs) => ColumnPrefs) =>
      setPrefs((before) => {
        const after = next(before);
        keep(user, after);
        return after;
      }),
    [user],
  );
  return [prefs, change] as const;
}

/** A browser may forbid storage: then the columns are as they come. */
function readKept(user: string): string | null {
  try {
    return localStorage.getItem(prefsKey(user));
  } catch {
    return null;
  }
}

function keep(user: string, prefs: ColumnPrefs): void {
  try {
    localStorage.setItem(prefsKey(user), JSON.stringify(prefs));
  } catch {
    // Full or forbidden: the habit lasts as long as the page.
  }
}

import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect } from 'react';
import type { GridColumn } from './grid-columns.ts';
import { gridCellId } from './grid-cell.tsx';
import classes from './line-grid.module.css';
import { GridRow } from './line-row.tsx';
import { type PlannedRow, rowKey } from './row-plan.ts';
import { NEW_ROW } from './selection.ts';
import { useGrid, usePlan } from './use-grid.ts';
import { ROW_HEIGHT, useRowsAbove } from './use-rows-above.ts';

/** Rows above and below what is in sight, so that a wheel's turn shows no holes. */
const OVERSCAN = 8;

/**
 * The rows in sight, of however many there are. They scroll with the middle of the room; the row of the cursor stays in
 * the page wherever it is, since the focus speaks of it.
 */
export function GridRows({
  root,
  rows,
  scroller,
  columns,
  children,
}: {
  /** The element with the role of the grid, and the one that holds the rows. */
  readonly root: RefObject<HTMLDivElement | null>;
  readonly rows: RefObject<HTMLDivElement | null>;
  readonly scroller: HTMLElement | null;
  readonly columns: readonly GridColumn[];
  readonly children: ReactNode;
}) {
  const { store, sheet } = useGrid();
  const plan = usePlan();
  const above = useRowsAbove(rows, scroller);
  const indexOfCursor = (): number => {
    const row = store.selection()?.head.row;
    // The newest plan: the cursor follows a line that was only just added or moved.
    return row === undefined ? -1 : indexOf(sheet.plan(), row);
  };

  // oxlint-disable-next-line react/incompatible-library -- nothing is compiled here
  const virtual = useVirtualizer({
    count: plan.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rowKey(plan[index] ?? { kind: 'new' }),
    overscan: OVERSCAN,
    scrollMargin: above,
    // The titles stay on top.
    scrollPaddingStart: ROW_HEIGHT + 8,
    scrollPaddingEnd: 8,
    rangeExtractor: (range) => {
      const cursor = indexOfCursor();
      const shown = defaultRangeExtractor(range);
      return cursor === -1 || shown.includes(cursor) ? shown : [...shown, cursor].toSorted((a, b) => a - b);
    },
  });

  /** By what the list knows already: asking the page would make it lay out anew at each key. */
  const isInSight = (index: number): boolean => {
    const top = above + index * ROW_HEIGHT - (virtual.scrollOffset ?? 0);
    return top >= ROW_HEIGHT && top + ROW_HEIGHT <= (virtual.scrollRect?.height ?? 0);
  };

  // Outside React's rendering: the cursor moves far more often than rows come and go.
  useEffect(() => {
    const nameCell = (): void => {
      const head = store.selection()?.head;
      if (head !== undefined)
        root.current?.setAttribute('aria-activedescendant', gridCellId(head.row, head.column));
    };
    const follow = (): void => {
      const index = indexOfCursor();
      if (index !== -1 && !isInSight(index)) virtual.scrollToIndex(index, { align: 'auto' });
      scrollSideways(rows.current, store.selection()?.head.column);
    };
    const ends = [store.observe('selection', nameCell), store.observe('cursor', follow)];
    return () => {
      for (const end of ends) end();
    };
  });

  return (
    <div className={classes['rows']} style={{ height: virtual.getTotalSize() }} ref={rows}>
      {virtual.getVirtualItems().map(({ key, index, start }) => {
        const row = plan[index];
        return row && <GridRow key={key} row={row} index={index} top={start - above} columns={columns} />;
      })}
      {children}
    </div>
  );
}

/**
 * The handles on the left stay; a cell must not hide beneath them. Asks any row, since one that is far away comes later
 * than the cursor.
 */
function scrollSideways(rows: HTMLElement | null, column = ''): void {
  const area = rows?.parentElement;
  if (!area || area.scrollWidth <= area.clientWidth) return;
  const cell = rows?.querySelector<HTMLElement>(`[data-column="${CSS.escape(column)}"]`);
  if (!cell) return;
  const [from, to] = [cell.offsetLeft, cell.offsetLeft + cell.offsetWidth];
  if (from - 56 < area.scrollLeft) area.scrollLeft = from - 56;
  else if (to > area.scrollLeft + area.clientWidth) area.scrollLeft = to - area.clientWidth;
}

const indexOf = (plan: readonly PlannedRow[], row: string): number =>
  plan.findIndex((one) => (one.kind === 'line' && one.id === row) || (one.kind === 'new' && row === NEW_ROW));

import { Checkbox } from '@mantine/core';
import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { parseCellId, rowCell } from '../../quote/cell.ts';
import { ROWGROUP } from '../grid/grid-roles.ts';
import gridClasses from '../grid/line-grid.module.css';
import { rowKey } from '../grid/row-plan.ts';
import { useGridPlace } from '../grid/use-grid-place.ts';
import { cellAfterKey } from './frozen-cursor.ts';
import { FrozenHeader } from './frozen-header.tsx';
import { FrozenGridRow, frozenCellId } from './frozen-row.tsx';
import classes from './frozen.module.css';
import { useFrozen } from './use-frozen.ts';
import { useFrozenColumns } from './use-frozen-columns.ts';
import { useHistory, useHistoryView } from './use-history.ts';
import { useRowsInSight } from './use-rows-in-sight.ts';

const HANDLE_WIDTH = 56;

/** The lines as they were: the grid of the room, in the columns that the reader is used to, and nothing to write in. */
export function FrozenGrid(props: {
  readonly withRemoved: boolean;
  readonly onWithRemoved: (withRemoved: boolean) => void;
}) {
  const history = useHistory();
  const { selected } = useHistoryView();
  const { quote } = useFrozen();
  const root = useRef<HTMLDivElement>(null);
  const header = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const { width, scroller } = useGridPlace(root);
  const { shown, widths } = useFrozenColumns(quote.freeColumns, width - HANDLE_WIDTH);
  const lines = useMemo(() => quote.plan.flatMap((row) => (row.kind === 'line' ? [row.id] : [])), [quote]);
  const columns = useMemo(() => shown.map(({ id }) => id), [shown]);
  const { virtual, above } = useRowsInSight(rows, scroller);
  const cursor = selected === null ? null : parseCellId(selected);
  const index =
    cursor === null ? -1 : quote.plan.findIndex((row) => row.kind === 'line' && row.id === cursor.row);
  const isWider = widths.reduce((sum, one) => sum + one, HANDLE_WIDTH) > width;

  useEffect(() => {
    if (index !== -1) virtual.scrollToIndex(index, { align: 'auto' });
    // Only where the cursor goes somewhere: else the page would jump while it plays.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && selected !== null) history.select(null);
    else {
      const next = cellAfterKey(event, { lines, columns, selected });
      if (next === null) return;
      history.select(next);
    }
    event.preventDefault();
  }

  return (
    <section className={gridClasses['lines']} aria-label="Lines">
      <div className={gridClasses['bar']}>
        <h2 className={gridClasses['title']}>Lines</h2>
        {(quote.hiddenCount > 0 || props.withRemoved) && (
          <Checkbox
            size="xs"
            label="Show all removed lines"
            checked={props.withRemoved}
            onChange={({ currentTarget }) => props.onWithRemoved(currentTarget.checked)}
          />
        )}
      </div>
      {/* A grid has the focus itself, on behalf of the cell that it names. */}
      <div
        ref={root}
        role="grid"
        tabIndex={0}
        aria-label="Lines of the quote"
        aria-readonly
        aria-rowcount={quote.plan.length + 1}
        aria-colcount={shown.length + 1}
        aria-activedescendant={
          cursor === null || cursor.row === null || index === -1
            ? undefined
            : frozenCellId(cursor.row, cursor.column)
        }
        className={`${gridClasses['grid']} ${classes['grid']}`}
        style={{ '--columns': widths.map((one) => `${one}px`).join(' ') } as CSSProperties}
        onKeyDown={onKeyDown}
        onFocus={({ target, currentTarget }) => {
          const [line] = lines;
          const [column] = columns;
          if (target === currentTarget && selected === null && line !== undefined && column !== undefined)
            history.select(rowCell('lineItems', line, column));
        }}
      >
        <FrozenHeader columns={shown} ref={header} />
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- its role is spread, the grid has the keys */}
        <div
          {...ROWGROUP}
          {...(isWider ? SCROLLS_SIDEWAYS : {})}
          className={gridClasses['body']}
          onScroll={({ currentTarget }) => {
            if (header.current !== null) header.current.scrollLeft = currentTarget.scrollLeft;
          }}
          onClick={({ target }) => {
            const cell = target instanceof Element ? target.closest<HTMLElement>('[data-cell]') : null;
            if (cell?.dataset['cell'] !== undefined) history.select(cell.dataset['cell']);
          }}
        >
          <div className={gridClasses['rows']} style={{ height: virtual.getTotalSize() }} ref={rows}>
            {virtual.getVirtualItems().map(({ index: at, start }) => {
              const row = quote.plan[at];
              return (
                row && (
                  <FrozenGridRow
                    key={rowKey(row)}
                    row={row}
                    index={at}
                    top={start - above}
                    columns={shown}
                    cursor={row.kind === 'line' && cursor?.row === row.id ? cursor.column : null}
                  />
                )
              );
            })}
          </div>
        </div>
      </div>
      {lines.length === 0 && <p className={classes['empty']}>There were no lines yet.</p>}
    </section>
  );
}

/** What scrolls must be reached by keyboard. */
const SCROLLS_SIDEWAYS = { tabIndex: 0, 'aria-label': 'Lines, scrolls sideways' };

import { Ellipsis, GripVertical } from 'lucide-react';
import { memo } from 'react';
import { rowCell } from '../../quote/cell.ts';
import { useCell } from '../room/use-room.ts';
import { formatAmount } from '../../quote/format-amount.ts';
import { GridCell } from './grid-cell.tsx';
import type { GridColumn } from './grid-columns.ts';
import { GRIDCELL, ROW, ROWHEADER } from './grid-roles.ts';
import classes from './line-row.module.css';
import { type PlannedRow, rowKey } from './row-plan.ts';
import { NEW_ROW } from './selection.ts';
import { useSubtotal } from './use-grid.ts';
import { unreachable } from '../../lib/assert.ts';

interface PlannedRowProps {
  readonly row: PlannedRow;
  /** Among all rows, from 0. */
  readonly index: number;
  /** px from the first row. */
  readonly top: number;
  readonly columns: readonly GridColumn[];
}

/** One row of the grid; renders when it moves or the columns change, its cells look after themselves. */
export const GridRow = memo(function GridRow({ row, index, top, columns }: PlannedRowProps) {
  const place = { style: { top }, 'aria-rowindex': index + 2, 'data-first': index === 0 || undefined };
  switch (row.kind) {
    case 'line':
      return <LineRow id={row.id} number={row.number} place={place} columns={columns} />;
    case 'group':
      return <GroupRow group={row} place={place} columnCount={columns.length} />;
    case 'new':
      return (
        <div {...ROW} className={classes['row']} data-kind="new" {...place}>
          <div {...GRIDCELL} className={classes['handle']} aria-colindex={1} data-handle={NEW_ROW}>
            <span className={classes['plus']} aria-hidden>
              +
            </span>
          </div>
          {columns.map((column, at) => (
            <GridCell key={column.id} row={NEW_ROW} column={column} at={at + 2} />
          ))}
          <span className={classes['invitation']}>Add a line</span>
        </div>
      );
    default:
      return unreachable(row);
  }
}, isSameRow);

/** The plan makes new rows each time; most say the same as before. */
function isSameRow(a: PlannedRowProps, b: PlannedRowProps): boolean {
  if (a.index !== b.index || a.top !== b.top || a.columns !== b.columns) return false;
  if (a.row === b.row) return true;
  if (rowKey(a.row) !== rowKey(b.row)) return false;
  return (
    a.row.kind !== 'group' &&
    (a.row.kind !== 'line' || b.row.kind !== 'line' || a.row.number === b.row.number)
  );
}

interface Place {
  readonly style: { readonly top: number };
  readonly 'aria-rowindex': number;
  readonly 'data-first': boolean | undefined;
}

function LineRow({
  id,
  number,
  place,
  columns,
}: {
  readonly id: string;
  readonly number: number;
  readonly place: Place;
  readonly columns: readonly GridColumn[];
}) {
  const isOptional = useCell(rowCell('lineItems', id, 'optional')) === true;
  return (
    <div
      {...ROW}
      className={classes['row']}
      data-kind="line"
      data-line={id}
      data-optional={isOptional || undefined}
      {...place}
    >
      <div {...ROWHEADER} className={classes['handle']} aria-colindex={1} data-handle={id}>
        <GripVertical className={classes['grip']} size={12} aria-hidden />
        <span className={classes['number']}>{number}</span>
        <button
          type="button"
          tabIndex={-1}
          className={classes['menu']}
          data-menu={id}
          aria-label={`Actions for line ${number}`}
        >
          <Ellipsis size={14} aria-hidden />
        </button>
      </div>
      {columns.map((column, at) => (
        <GridCell key={column.id} row={id} column={column} at={at + 2} />
      ))}
    </div>
  );
}

function GroupRow({
  group,
  place,
  columnCount,
}: {
  readonly group: Extract<PlannedRow, { kind: 'group' }>;
  readonly place: Place;
  readonly columnCount: number;
}) {
  const subtotal = useSubtotal(group.key);
  const { length } = group.lines;
  return (
    <div {...ROW} className={classes['row']} data-kind="group" {...place}>
      <div {...GRIDCELL} className={classes['group']} aria-colindex={1} aria-colspan={columnCount + 1}>
        <span className={classes['heading']}>
          <span className={classes['name']}>{group.name === '' ? 'No group' : group.name}</span>
          <span className={classes['count']}>
            {length} {length === 1 ? 'line' : 'lines'}
          </span>
        </span>
        <span className={classes['subtotal']}>{subtotal === '' ? '' : formatAmount(subtotal)}</span>
      </div>
    </div>
  );
}

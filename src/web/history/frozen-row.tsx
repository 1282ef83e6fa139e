import { Check } from 'lucide-react';
import { rowCell } from '../../quote/cell.ts';
import cellClasses from '../grid/grid-cell.module.css';
import { type GridColumn, NET, isRightAligned } from '../grid/grid-columns.ts';
import { GRIDCELL, ROW, ROWHEADER } from '../grid/grid-roles.ts';
import rowClasses from '../grid/line-row.module.css';
import { shownText } from '../grid/shown-text.ts';
import { countOf } from '../words/count-of.ts';
import { formatAmount } from '../../quote/format-amount.ts';
import type { FrozenQuote, FrozenRow } from './frozen-quote.ts';
import classes from './frozen.module.css';
import { ROW_DEEDS, cellTintText, inColorOf, rowTintText } from './tint-words.ts';
import { useFrozen } from './use-frozen.ts';

export const frozenCellId = (row: string, column: string): string => `cell-${row}-${column}`;

type Planned = FrozenQuote['plan'][number];

interface Place {
  /** Among all rows, from 0. */
  readonly index: number;
  /** px from the first row. */
  readonly top: number;
  readonly columns: readonly GridColumn[];
  /** The column that the cursor is on, in this row. */
  readonly cursor: string | null;
}

export function FrozenGridRow({ row, ...place }: Place & { readonly row: Planned }) {
  const { quote } = useFrozen();
  if (row.kind === 'group') return <GroupRow group={row} {...place} />;
  const line = quote.lines.get(row.id);
  return line === undefined ? null : <LineRow line={line} number={row.number} {...place} />;
}

function LineRow(props: Place & { readonly line: FrozenRow; readonly number: number }) {
  const { line, number, index, top, columns, cursor } = props;
  const { tints, now } = useFrozen();
  const tint = tints.rows.get(`lineItems/${line.id}`);
  const deed = tint === undefined ? null : rowTintText(tint, now);
  return (
    <div
      {...ROW}
      className={`${rowClasses['row']} ${classes['row']}`}
      style={{ top, ...inColorOf(tint?.change) }}
      aria-rowindex={index + 2}
      data-kind="line"
      data-line={line.id}
      data-optional={line.cells['optional'] === true || undefined}
      data-removed={line.isRemoved || undefined}
      data-deed={tint?.kind}
    >
      <div
        {...ROWHEADER}
        className={`${rowClasses['handle']} ${classes['handle']}`}
        aria-colindex={1}
        title={deed ?? undefined}
      >
        <span className={rowClasses['number']}>{line.isRemoved ? '–' : number}</span>
        {tint !== undefined && <span className={cellClasses['spoken']}>{ROW_DEEDS[tint.kind]}</span>}
        {tint === undefined && line.isRemoved && <span className={cellClasses['spoken']}>Removed</span>}
      </div>
      {columns.map((column, at) => (
        <FrozenCell key={column.id} line={line} column={column} at={at + 2} isCursor={cursor === column.id} />
      ))}
    </div>
  );
}

function FrozenCell(props: {
  readonly line: FrozenRow;
  readonly column: GridColumn;
  readonly at: number;
  readonly isCursor: boolean;
}) {
  const { line, column, at, isCursor } = props;
  const { tints, quote, decimals, now } = useFrozen();
  const cell = rowCell('lineItems', line.id, column.id);
  const tint = tints.cells.get(cell);
  const words = tint === undefined ? undefined : cellTintText(cell, tint, { now });
  const value = line.cells[column.id] ?? null;
  const net = quote.nets.get(line.id) ?? '';
  return (
    <div
      {...GRIDCELL}
      id={frozenCellId(line.id, column.id)}
      className={`${cellClasses['cell']} ${classes['cell']}`}
      style={inColorOf(tint?.change)}
      data-cell={cell}
      data-column={column.id}
      data-align={isRightAligned(column) ? 'right' : column.kind === 'check' ? 'center' : undefined}
      data-mark={isCursor ? 'cursor' : 'none'}
      data-tint={tint === undefined ? undefined : true}
      aria-selected={isCursor}
      aria-colindex={at}
      aria-description={words}
      title={words}
    >
      {column.kind === 'check' ? (
        <span className={cellClasses['check']} data-checked={value === true}>
          {value === true && <Check size={12} strokeWidth={3} aria-hidden />}
          <span className={cellClasses['spoken']}>{value === true ? 'yes' : 'no'}</span>
        </span>
      ) : (
        <span className={cellClasses['text']}>
          {column.id === NET
            ? net === ''
              ? ''
              : formatAmount(net)
            : shownText(column, typeof value === 'boolean' ? (value ? 'yes' : 'no') : value, decimals)}
        </span>
      )}
    </div>
  );
}

function GroupRow({
  group,
  index,
  top,
  columns,
}: Place & { readonly group: Extract<Planned, { kind: 'group' }> }) {
  const { quote } = useFrozen();
  const subtotal = quote.subtotals.get(group.key) ?? '';
  return (
    <div {...ROW} className={rowClasses['row']} style={{ top }} aria-rowindex={index + 2} data-kind="group">
      <div {...GRIDCELL} className={rowClasses['group']} aria-colindex={1} aria-colspan={columns.length + 1}>
        <span className={rowClasses['heading']}>
          <span className={rowClasses['name']}>{group.name === '' ? 'No group' : group.name}</span>
          <span className={rowClasses['count']}>{countOf(group.lines.length, 'line')}</span>
        </span>
        <span className={rowClasses['subtotal']}>{subtotal === '' ? '' : formatAmount(subtotal)}</span>
      </div>
    </div>
  );
}

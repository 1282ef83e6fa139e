import { Check } from 'lucide-react';
import { memo } from 'react';
import { rowCell } from '../../quote/cell.ts';
import { minorUnitsOf } from '../../quote/currency.ts';
import type { CellValue } from '../../client/connect-quote.ts';
import { CellFrame } from '../cell/cell-frame.tsx';
import { CellNote } from '../cell/cell-note.tsx';
import { VerdictPopover } from '../cell/verdict-popover.tsx';
import { useCell, useForeseen } from '../room/use-room.ts';
import { formatAmount } from '../../quote/format-amount.ts';
import { CellEditor } from './cell-editor.tsx';
import classes from './grid-cell.module.css';
import { type GridColumn, NET, isRightAligned } from './grid-columns.ts';
import { NEW_ROW } from './selection.ts';
import { shownText } from './shown-text.ts';
import { useAskAgain, useTyping } from './use-ask-again.ts';
import { useCellMark, useDraft, useKeptDraft, useLineNet, useTold } from './use-grid.ts';

export const gridCellId = (row: string, column: string): string => `cell-${row}-${column}`;

export interface GridCellProps {
  readonly row: string;
  readonly column: GridColumn;
  /** Of its column, counted from 1, the row's handle first. */
  readonly at: number;
}

/** One cell of a line; renders when its own value, mark or surroundings change, whatever happens elsewhere. */
export const GridCell = memo(function GridCell(props: GridCellProps) {
  if (props.row === NEW_ROW) return <NewCell {...props} />;
  return props.column.id === NET ? <NetCell {...props} /> : <ValueCell {...props} />;
});

function ValueCell({ row, column, at }: GridCellProps) {
  const cell = rowCell('lineItems', row, column.id);
  const mark = useCellMark(row, column.id);
  const value = useCell(cell);
  const foreseen = useForeseen(cell);
  const kept = useKeptDraft(cell);
  const told = useTold();
  const isLocked = foreseen.kind === 'closed';
  const isCursor = mark === 'cursor';
  // One sentence at a time: that of what is typed here, before those of the cell.
  const typing = useTyping(isCursor);
  const isRefused = typing === 'refused' || (isCursor && kept !== null);
  return (
    <div
      {...cellProps({ row, column, at })}
      data-mark={mark}
      aria-selected={mark !== 'none'}
      aria-readonly={isLocked || undefined}
      aria-description={isLocked && isCursor ? foreseen.message : undefined}
    >
      <CellFrame
        cell={cell}
        isActive={isCursor}
        hasHint={!isRefused && typing === 'closed' && (!isCursor || told === null)}
        className={classes['frame']}
      >
        {kept === null ? (
          <Shown column={column} value={value} />
        ) : (
          <span className={classes['kept']}>{kept.text}</span>
        )}
        {isCursor && <AtCursor cell={cell} column={column} />}
        {isCursor && kept !== null && <KeptNote cell={cell} problem={kept.problem} />}
        {!isRefused && <VerdictPopover cell={cell} isActive={isCursor} />}
      </CellFrame>
    </div>
  );
}

function NetCell({ row, column, at }: GridCellProps) {
  const mark = useCellMark(row, column.id);
  const net = useLineNet(row);
  return (
    <div {...cellProps({ row, column, at })} data-mark={mark} aria-selected={mark !== 'none'} aria-readonly>
      <span className={classes['text']}>{net === '' ? '' : formatAmount(net)}</span>
    </div>
  );
}

/** In the row that adds a line: empty until somebody types. */
function NewCell({ row, column, at }: GridCellProps) {
  const mark = useCellMark(row, column.id);
  return (
    <div {...cellProps({ row, column, at })} data-mark={mark} aria-selected={mark !== 'none'}>
      <div className={classes['frame']}>{mark === 'cursor' && <AtCursor cell={null} column={column} />}</div>
    </div>
  );
}

/** Of what was typed here, could not be taken, and was left. */
function KeptNote({ cell, problem }: { readonly cell: string; readonly problem: string | null }) {
  useAskAgain(cell, true);
  return (
    <CellNote tone={problem === null ? 'warn' : 'bad'}>
      {problem ?? 'This is not on the quote yet. Enter opens it again, Esc drops it.'}
    </CellNote>
  );
}

function AtCursor({ cell, column }: { readonly cell: string | null; readonly column: GridColumn }) {
  const isOpen = useDraft() !== null;
  const told = useTold();
  if (isOpen) return <CellEditor cell={cell} column={column} />;
  return told === null ? null : <CellNote tone="bad">{told}</CellNote>;
}

function Shown({ column, value }: { readonly column: GridColumn; readonly value: CellValue }) {
  if (column.kind === 'check' || typeof value === 'boolean') {
    return (
      <span
        className={classes['check']}
        data-check={column.kind === 'check' || undefined}
        data-checked={value === true}
      >
        {value === true && <Check size={12} strokeWidth={3} aria-hidden />}
        <span className={classes['spoken']}>{value === true ? 'yes' : 'no'}</span>
      </span>
    );
  }
  if (column.kind === 'money' && value !== null) return <Money column={column} value={value} />;
  return <span className={classes['text']}>{shownText(column, value, 0)}</span>;
}

function Money({ column, value }: { readonly column: GridColumn; readonly value: string }) {
  const currency = useCell('fields/currency');
  const decimals = minorUnitsOf(typeof currency === 'string' ? currency : '');
  return <span className={classes['text']}>{shownText(column, value, decimals)}</span>;
}

const cellProps = ({ row, column, at }: GridCellProps) => ({
  role: 'gridcell',
  id: gridCellId(row, column.id),
  className: classes['cell'],
  'data-row': row,
  'data-column': column.id,
  'data-align': isRightAligned(column) ? 'right' : column.kind === 'check' ? 'center' : undefined,
  'aria-colindex': at,
});

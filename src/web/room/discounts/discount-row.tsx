import { ArrowDown, ArrowUp, GripVertical, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { rowCell } from '../../../quote/cell.ts';
import { kindOfDiscount } from '../../../quote/discount.ts';
import { formatAmount } from '../../../quote/format-amount.ts';
import { CellInput } from '../fields/cell-input.tsx';
import { CellSelect } from '../fields/cell-select.tsx';
import { IconButton } from '../header/icon-button.tsx';
import { useCell, useForeseen } from '../use-room.ts';
import { AppliesTo } from './applies-to.tsx';
import { discountText } from './discount-text.ts';
import classes from './discounts.module.css';

export interface DiscountMoves {
  readonly move: (id: string, by: -1 | 1) => void;
  readonly drop: (id: string, onto: string) => void;
  readonly remove: (id: string) => void;
}

/** One discount. Alt and an arrow key move it, as do its buttons and its handle. */
export function DiscountRow({
  id,
  place,
  taken,
  isNew,
  moves,
}: {
  readonly id: string;
  readonly place: { readonly isFirst: boolean; readonly isLast: boolean };
  /** What it takes off; null where its line is not on the quote. */
  readonly taken: string | null;
  readonly isNew: boolean;
  readonly moves: DiscountMoves;
}) {
  const cell = (column: string): string => rowCell('discounts', id, column);
  const kind = kindOfDiscount({ kind: useCell(cell('kind')) });
  const currency = useCell('fields/currency');
  const label = useCell(cell('label'));
  const moving = useForeseen(cell('position'));
  const removing = useForeseen(cell('removed'));
  const [isOver, setOver] = useState(false);
  const code = typeof currency === 'string' ? currency : '';
  const text = useMemo(() => discountText(kind, code), [kind, code]);
  const name = typeof label === 'string' && label !== '' ? label : 'discount';
  const mayMove = moving.kind === 'open';

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the inputs in it, and drops
    <li
      className={classes['row']}
      data-over={isOver || undefined}
      onKeyDown={(event) => {
        if (!event.altKey || !mayMove || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
        event.preventDefault();
        moves.move(id, event.key === 'ArrowUp' ? -1 : 1);
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        event.preventDefault();
        moves.drop(event.dataTransfer.getData(DRAGGED), id);
      }}
    >
      <span
        className={classes['grip']}
        draggable={mayMove}
        aria-hidden="true"
        onDragStart={({ dataTransfer }) => {
          dataTransfer.setData(DRAGGED, id);
          dataTransfer.effectAllowed = 'move';
        }}
      >
        <GripVertical size={14} />
      </span>
      <CellInput cell={cell('label')} label="Label" placeholder="What it is for" takesFocus={isNew} />
      <CellSelect cell={cell('kind')} label={`Kind of ${name}`} fallback="percent">
        <option value="percent">Percent</option>
        <option value="amount">Amount</option>
      </CellSelect>
      <CellInput
        cell={cell('value')}
        label={`Value of ${name}`}
        text={text}
        suffix={kind === 'percent' ? '%' : code}
        placeholder="0"
        numeric
      />
      <AppliesTo id={id} label={`What ${name} applies to`} />
      <span className={classes['taken']} title={taken === null ? 'Its line is not on the quote' : undefined}>
        {taken === null ? '–' : formatAmount(taken)}
      </span>
      <span className={classes['actions']}>
        <IconButton
          label={`Move ${name} up`}
          hint={moving.kind === 'open' ? 'Move up (Alt+↑)' : moving.message}
          disabled={place.isFirst}
          aria-disabled={!mayMove}
          onClick={() => mayMove && moves.move(id, -1)}
        >
          <ArrowUp size={14} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={`Move ${name} down`}
          hint={moving.kind === 'open' ? 'Move down (Alt+↓)' : moving.message}
          disabled={place.isLast}
          aria-disabled={!mayMove}
          onClick={() => mayMove && moves.move(id, 1)}
        >
          <ArrowDown size={14} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={`Remove ${name}`}
          hint={removing.kind === 'open' ? 'Remove' : removing.message}
          aria-disabled={removing.kind === 'closed'}
          onClick={() => removing.kind === 'open' && moves.remove(id)}
        >
          <X size={14} aria-hidden="true" />
        </IconButton>
      </span>
    </li>
  );
}

const DRAGGED = 'application/x-quoteroom-discount';

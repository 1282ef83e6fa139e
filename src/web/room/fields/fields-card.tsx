import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, Suspense, useEffect, useState } from 'react';
import { columnTitle } from '../../../quote/column-titles.ts';
import { useForeseen, useRoom } from '../use-room.ts';
import { AddField } from './add-field.tsx';
import { CellInput } from './cell-input.tsx';
import { CellSelect } from './cell-select.tsx';
import { useFieldSummary, useFreeFields } from './use-free-fields.ts';
import classes from './fields-card.module.css';
import { lazyPart } from '../../app/lazy-part.ts';

// Its list is opened now and then; until it is there the field takes a code.
const CurrencyField = lazyPart(() => import('./currency-field.tsx').then((part) => part.CurrencyField));

/** On this device: how this person likes it. */
const CLOSED_KEY = 'quoteroom.fields.closed';
/** Where they would be all that one sees, until asked for. */
const NARROW = '(max-width: 720px)';

/** What holds for the whole quote, beside its title and status. */
export function FieldsCard() {
  const [isOpen, setOpen] = useState(
    () => window.localStorage.getItem(CLOSED_KEY) === null && !window.matchMedia(NARROW).matches,
  );
  useOpenForField(setOpen);

  function toggle(): void {
    if (isOpen) window.localStorage.setItem(CLOSED_KEY, '1');
    else window.localStorage.removeItem(CLOSED_KEY);
    setOpen(!isOpen);
  }

  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <section className={classes['card']} aria-label="Details">
      <h2 className={classes['heading']}>
        <button type="button" className={classes['toggle']} aria-expanded={isOpen} onClick={toggle}>
          <Chevron size={14} aria-hidden="true" />
          Details
          {!isOpen && <Summary />}
        </button>
      </h2>
      {isOpen && <Fields />}
    </section>
  );
}

function Summary() {
  return <span className={classes['summary']}>{useFieldSummary()}</span>;
}

/** Whoever is led to a field finds the card open. The field itself takes the focus once it is there. */
function useOpenForField(setOpen: (isOpen: boolean) => void): void {
  const { target } = useRoom();
  useEffect(
    () =>
      target.observe((cell) => {
        if (!cell.startsWith('fields/') || cell === 'fields/title' || cell === 'fields/status') return;
        setOpen(true);
        requestAnimationFrame(() =>
          document
            .querySelector<HTMLElement>(`[data-cell="${CSS.escape(cell)}"] :is(input, select)`)
            ?.focus(),
        );
      }),
    [target, setOpen],
  );
}

function Fields() {
  const stored = useFreeFields();
  const [named, setNamed] = useState<readonly string[]>([]);
  const free = [...stored, ...named.filter((field) => !stored.includes(field))];
  const mayAdd = useForeseen('fields/x_new').kind === 'open';
  return (
    <div className={classes['grid']}>
      {TEXT_BEFORE.map((column) => (
        <TextField key={column} column={column} />
      ))}
      <Labelled column="currency">
        <Suspense fallback={<CellInput cell="fields/currency" label="Currency" />}>
          <CurrencyField label="Currency" />
        </Suspense>
      </Labelled>
      <Labelled column="validUntil">
        <CellInput cell="fields/validUntil" label="Valid until" type="date" />
      </Labelled>
      <TextField column="paymentTerms" placeholder="30 days net" />
      <Labelled column="rounding">
        <CellSelect cell="fields/rounding" label="Rounding" fallback="half_up">
          <option value="half_up">Half up</option>
          <option value="half_even">Half to even</option>
        </CellSelect>
      </Labelled>
      {free.map((column) => (
        <TextField
          key={column}
          column={column}
          takesFocus={column === named.at(-1) && !stored.includes(column)}
        />
      ))}
      {mayAdd && <AddField taken={free} onAdd={(field) => setNamed([...named, field])} />}
    </div>
  );
}

const TEXT_BEFORE = ['customer', 'contact', 'owner'] as const;

function TextField({
  column,
  placeholder,
  takesFocus = false,
}: {
  readonly column: string;
  readonly placeholder?: string;
  readonly takesFocus?: boolean;
}) {
  return (
    <Labelled column={column}>
      <CellInput
        cell={`fields/${column}`}
        label={columnTitle('fields', column)}
        placeholder={placeholder}
        takesFocus={takesFocus}
      />
    </Labelled>
  );
}

/** With the name above it. */
function Labelled({ column, children }: { readonly column: string; readonly children: ReactNode }) {
  return (
    <div className={classes['field']}>
      <label className={classes['label']} htmlFor={`fields/${column}`}>
        {columnTitle('fields', column)}
      </label>
      {children}
    </div>
  );
}

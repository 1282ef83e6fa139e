import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useRegisterCommands } from '../../commands/use-commands.ts';
import { useForeseen, useQuote, useRowIds, useSnapshot, useTotals } from '../use-room.ts';
import { useRowName } from '../panel/use-row-name.ts';
import { type DiscountMoves, DiscountRow } from './discount-row.tsx';
import { afterDrop, afterMove } from './move-places.ts';
import { takenOff } from './taken-off.ts';
import classes from './discounts.module.css';

/** What is taken off the quote or a line, in order, and how much each really takes. */
export function Discounts() {
  const quote = useQuote();
  const ids = useRowIds('discounts');
  const rowName = useRowName();
  const snapshot = useSnapshot();
  const totals = useTotals();
  const taken = useMemo(() => takenOff(snapshot, totals), [snapshot, totals]);
  const adding = useForeseen('discounts/new/position');
  const [added, setAdded] = useState<string | null>(null);
  const [removed, setRemoved] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const tell = (
    outcome: { readonly ok: true } | { readonly ok: false; readonly reason: string },
  ): boolean => {
    setProblem(outcome.ok ? null : outcome.reason);
    return outcome.ok;
  };
  const moveAfter = (id: string, after: string | null | undefined): void => {
    if (after !== undefined) tell(quote.moveRow('discounts', id, { after }));
  };
  const moves: DiscountMoves = {
    move: (id, by) => moveAfter(id, afterMove(ids, id, by)),
    drop: (id, onto) => moveAfter(id, afterDrop(ids, id, onto)),
    remove(id) {
      const name = rowName('discounts', id) ?? 'the discount';
      if (tell(quote.removeRow('discounts', id))) setRemoved({ id, name });
    },
  };

  function add(): void {
    const row = quote.addRow('discounts', { kind: 'percent' });
    setRemoved(null);
    if (tell(row) && row.ok) setAdded(row.value);
  }

  useRegisterCommands([
    {
      id: 'add-discount',
      title: 'Add a discount',
      group: 'Quote',
      words: 'new rebate',
      isEnabled: () => adding.kind === 'open',
      run: add,
    },
  ]);

  const isBack = removed !== null && ids.includes(removed.id);
  return (
    <section className={classes['discounts']} aria-labelledby="discounts-heading">
      <div className={classes['head']}>
        <h2 id="discounts-heading" className={classes['heading']}>
          Discounts
        </h2>
        {ids.length > 0 && <AddButton closed={closedBy(adding)} onAdd={add} />}
      </div>
      {ids.length === 0 ? (
        <div className={classes['empty']}>
          <p>Nothing is taken off this quote beside its lines' own discounts.</p>
          <AddButton closed={closedBy(adding)} onAdd={add} />
        </div>
      ) : (
        <>
          <div className={classes['titles']} aria-hidden="true">
            <span />
            <span>Label</span>
            <span>Kind</span>
            <span className={classes['right']}>Value</span>
            <span>Applies to</span>
            <span className={classes['right']}>Takes off</span>
          </div>
          <ol className={classes['list']}>
            {ids.map((id, at) => (
              <DiscountRow
                key={id}
                id={id}
                place={{ isFirst: at === 0, isLast: at === ids.length - 1 }}
                taken={taken.get(id) ?? null}
                isNew={id === added}
                moves={moves}
              />
            ))}
          </ol>
        </>
      )}
      <output className={classes['said']}>
        {problem !== null && <span className={classes['problem']}>{problem}</span>}
        {removed !== null && !isBack && (
          <>
            Removed {removed.name}.{' '}
            <button
              type="button"
              className={classes['link']}
              onClick={() => {
                if (tell(quote.restoreRow('discounts', removed.id))) setRemoved(null);
              }}
            >
              Undo
            </button>
          </>
        )}
      </output>
    </section>
  );
}

const closedBy = (foreseen: ReturnType<typeof useForeseen>): string | null =>
  foreseen.kind === 'closed' ? foreseen.message : null;

function AddButton({ closed, onAdd }: { readonly closed: string | null; readonly onAdd: () => void }) {
  return (
    <button
      type="button"
      className={classes['add']}
      disabled={closed !== null}
      title={closed ?? undefined}
      onClick={onAdd}
    >
      <Plus size={14} aria-hidden="true" /> Add discount
    </button>
  );
}

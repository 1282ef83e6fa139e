import type { Totals } from '../../../client/connect-quote.ts';
import { countOf } from '../../words/count-of.ts';
import { formatAmount, formatMoney } from '../../../quote/format-amount.ts';
import { useTotals } from '../use-room.ts';
import { optionalSum } from './optional-sum.ts';
import { takesOff } from './takes-off.ts';
import classes from './totals-bar.module.css';

/** What the quote comes to, always in sight; computed here by the same rules as on the server. */
export const TotalsBar = () => <SumsBar totals={useTotals()} />;

/** The same for any totals, those of an earlier day too. */
export function SumsBar({ totals }: { readonly totals: Totals }) {
  const { subtotal, discounts, total, currency, lines } = totals;
  const optional = optionalSum(totals);
  const optionalCount = lines.filter((line) => line.optional).length;
  return (
    <footer className={classes['bar']} aria-label="Totals" aria-live="off">
      <span className={classes['count']}>
        {countOf(lines.length, 'line')}
        {optional !== null && `, ${optionalCount} optional`}
      </span>
      {optional !== null && (
        <span className={classes['optional']}>Optional: {formatAmount(optional)}, not included</span>
      )}
      <dl className={classes['sums']}>
        <div className={classes['part']}>
          <dt>Subtotal</dt>
          <dd>{formatAmount(subtotal)}</dd>
        </div>
        {discounts.filter(takesOff).map(({ id, label, amount }) => (
          <div key={id} className={classes['part']}>
            <dt title={label}>{label === '' ? 'Discount' : label}</dt>
            <dd>{formatAmount(negative(amount))}</dd>
          </div>
        ))}
        <div className={classes['total']}>
          <dt>Total</dt>
          <dd data-testid="total">{formatMoney(total, currency)}</dd>
        </div>
      </dl>
    </footer>
  );
}

/** As what is taken off. */
const negative = (amount: string): string => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);

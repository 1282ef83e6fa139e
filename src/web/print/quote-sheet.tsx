import { formatAmount, formatMoney } from '../../quote/format-amount.ts';
import { statusTitle } from '../../quote/status-titles.ts';
import { PrintedLines } from './printed-lines.tsx';
import type { PrintedQuote } from './printed-quote.ts';
import classes from './quote-sheet.module.css';

/** The paper: white in both colour schemes, as it comes out of the printer. */
export function QuoteSheet({ quote, today }: { readonly quote: PrintedQuote; readonly today: Date }) {
  const facts = [
    { term: 'Date', text: longDay(today) },
    {
      term: 'Valid until',
      text: quote.validUntil === '' ? '' : longDay(new Date(`${quote.validUntil}T00:00:00`)),
    },
    { term: 'Payment terms', text: quote.paymentTerms },
    { term: 'Your contact', text: quote.owner },
  ].filter(({ text }) => text !== '');
  return (
    <article className={classes['sheet']}>
      <header className={classes['head']}>
        <div>
          <p className={classes['kind']}>
            Quote
            {UNFINISHED.has(quote.status) && (
              <span className={classes['status']}>{statusTitle(quote.status)}</span>
            )}
          </p>
          <h1 className={classes['title']}>{quote.title === '' ? 'Untitled quote' : quote.title}</h1>
        </div>
        <div className={classes['parties']}>
          <address className={classes['customer']}>
            {quote.customer !== '' && <strong>{quote.customer}</strong>}
            {quote.contact !== '' && <span>{quote.contact}</span>}
          </address>
          <dl className={classes['facts']}>
            {facts.map(({ term, text }) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </div>
      </header>
      <PrintedLines quote={quote} />
      <Sums quote={quote} />
      {quote.notes.length > 0 && (
        <section className={classes['notes']}>
          <h2>Notes</h2>
          {quote.notes.map(({ id, text }) => (
            <p key={id}>{text}</p>
          ))}
        </section>
      )}
    </article>
  );
}

function Sums({ quote }: { readonly quote: PrintedQuote }) {
  const { subtotal, discounts, total, optional, currency } = quote;
  const taken = discounts.filter(({ amount }) => !/^-?[0.]+$/.test(amount));
  return (
    <section className={classes['sums']} aria-label="Totals">
      <dl>
        {taken.length > 0 && (
          <div>
            <dt>Subtotal</dt>
            <dd>{formatAmount(subtotal)}</dd>
          </div>
        )}
        {taken.map(({ id, label, amount }) => (
          <div key={id}>
            <dt>{label === '' ? 'Discount' : label}</dt>
            <dd>{formatAmount(amount.startsWith('-') ? amount.slice(1) : `-${amount}`)}</dd>
          </div>
        ))}
        <div className={classes['total']}>
          <dt>Total</dt>
          <dd>{formatMoney(total, currency)}</dd>
        </div>
        {optional !== null && (
          <div className={classes['optional']}>
            <dt>Optional lines, not in the total</dt>
            <dd>{formatAmount(optional)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** Whoever gets such a paper should know that it is not the last word. An empty status is a draft. */
const UNFINISHED = new Set(['', 'draft', 'in_review']);

const longDay = (day: Date): string =>
  new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' }).format(day);

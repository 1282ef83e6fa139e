import type { Snapshot, Totals } from '../../../client/connect-quote.ts';
import { WHOLE_QUOTE, targetOfDiscount } from '../../../quote/discount.ts';
import { Exact } from '../../../quote/money.ts';
import { priceQuote } from '../../../quote/pricing.ts';

/**
 * What each discount really takes off, by its id. One on the whole quote is in the totals; one on a line is what the
 * line is worth before and after it, with those before it taken. Null: it is on a line that is not on the quote.
 */
export function takenOff(snapshot: Snapshot, totals: Totals): ReadonlyMap<string, string | null> {
  const ofQuote = new Map(totals.discounts.map(({ id, amount }) => [id, amount]));
  return new Map(
    snapshot.discounts.map(({ id, cells }, at) => [
      id,
      targetOfDiscount(cells) === WHOLE_QUOTE ? (ofQuote.get(id) ?? null) : offLine(snapshot, at),
    ]),
  );
}

function offLine(snapshot: Snapshot, at: number): string | null {
  const discount = snapshot.discounts[at];
  const line = snapshot.lineItems.find(
    ({ id }) => discount !== undefined && id === targetOfDiscount(discount.cells),
  );
  if (line === undefined) return null;
  const netWith = (count: number): string =>
    priceQuote({ ...snapshot, lineItems: [line], discounts: snapshot.discounts.slice(0, count) }).lines[0]
      ?.net ?? '0';
  const before = netWith(at);
  return new Exact(before).minus(netWith(at + 1)).toFixed(before.split('.')[1]?.length ?? 0);
}

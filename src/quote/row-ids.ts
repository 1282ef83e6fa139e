import type { NewQuote, NewRow } from './new-quote.ts';

/**
 * The quote with an id for each row that has none, short enough to be typed: `l1`, `l2` ... for line items, `d1` for
 * discounts, `n1` for notes, in their order. Ids that are given stay, and none is given a second time in the quote.
 */
export function withRowIds<Quote extends NewQuote>(quote: Quote): Quote {
  const taken = new Set([...quote.lineItems, ...quote.discounts, ...quote.notes].map(({ id }) => id));
  return {
    ...quote,
    lineItems: withIds(quote.lineItems, 'l', taken),
    discounts: withIds(quote.discounts, 'd', taken),
    notes: withIds(quote.notes, 'n', taken),
  };
}

function withIds<R extends NewRow>(
  rows: readonly R[],
  letter: string,
  taken: ReadonlySet<string | undefined>,
): R[] {
  let count = 0;
  return rows.map((row) => {
    if (row.id !== undefined) return row;
    do count += 1;
    while (taken.has(`${letter}${count}`));
    return { ...row, id: `${letter}${count}` };
  });
}

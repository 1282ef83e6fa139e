import { allocate } from './allocate.ts';
import type { CellValue } from './cell.ts';
import { isCurrencyCode } from './currency.ts';
import { WHOLE_QUOTE, amountOff, percentOf, targetOfDiscount } from './discount.ts';
import { type Money, ONE, ZERO, createMoney, formatDecimal, readDecimal, shareOf } from './money.ts';
import { isOnQuote } from './on-quote.ts';
import type { Row, Snapshot } from './snapshot.ts';

/**
 * What a quote costs: a pure function of its snapshot, the same in server, browser, Slack and audit.
 *
 * 1. A line's list price is quantity (1 if missing) times unit price (0 if missing), exact.
 * 2. Its own `discountPercent` is taken off, then the discounts that apply to it, in order, each of what is left. Still exact.
 * 3. The line's net is rounded, once, to the currency's minor units. The subtotal is the sum of the nets.
 * 4. Each discount on the quote is taken of the subtotal, not of what other discounts left, and rounded. Together they stop
 *    at zero: the last in order are cut.
 * 5. Their sum is allocated back to the lines by largest remainder, so that what is printed adds up.
 *
 * Optional lines are priced, but are in no sum and get no share. Discounts on a line that is not on the quote count for
 * nothing. On credit (below zero) a percentage makes the credit smaller, and an amount, which is money off what a
 * customer pays, takes nothing. Whatever is no valid number reads as missing.
 */
export interface Totals {
  readonly lines: readonly LineTotal[];
  readonly subtotal: string;
  /** The discounts on the whole quote, in order; `amount` is what each really takes off. */
  readonly discounts: readonly DiscountTotal[];
  readonly total: string;
  /** ISO 4217, or empty where the quote has none. */
  readonly currency: string;
}

/** Amounts have exactly the currency's decimals; a unit price keeps finer ones. */
export interface LineTotal {
  readonly id: string;
  readonly optional: boolean;
  readonly quantity: string;
  readonly unitPrice: string;
  /** The line's own, `0` if it has none. */
  readonly discountPercent: string;
  /** Quantity times unit price. */
  readonly list: string;
  /** `list` less the line's own discounts. The nets of all lines that are not optional add up to the subtotal. */
  readonly net: string;
  /** The line's share of the discounts on the quote. */
  readonly quoteDiscount: string;
  /** `net` less that share. These add up to the quote's total. */
  readonly total: string;
}

export interface DiscountTotal {
  readonly id: string;
  readonly label: string;
  readonly amount: string;
}

/** Prices a quote; see {@link Totals}. Never throws, whatever the cells hold. */
export const priceQuote = (snapshot: Snapshot): Totals => createPricer()(snapshot);

/**
 * Prices one snapshot after another as {@link priceQuote} does, and does not price a line again whose row is the same
 * object as before, as long as the quote's fields and discounts are.
 */
export function createPricer(): (snapshot: Snapshot) => Totals {
  let before: Snapshot | null = null;
  let known = new WeakMap<Row, PricedLine>();

  return (snapshot) => {
    if (snapshot.fields !== before?.fields || snapshot.discounts !== before.discounts) known = new WeakMap();
    before = snapshot;
    return price(snapshot, known);
  };
}

function price(snapshot: Snapshot, known: WeakMap<Row, PricedLine>): Totals {
  const currency = currencyOf(snapshot.fields['currency']);
  const money = createMoney(currency, snapshot.fields['rounding'] === 'half_even' ? 'half_even' : 'half_up');
  const discounts = discountsByTarget(snapshot.discounts);
  const lines = snapshot.lineItems.filter(isOnQuote).map((row) => {
    const line =
      known.get(row) ?? priceLine(row, row.id === WHOLE_QUOTE ? [] : (discounts.get(row.id) ?? []), money);
    known.set(row, line);
    return line;
  });

  const counted = lines.filter(({ shown }) => !shown.optional);
  const subtotal = sum(counted.map(({ net }) => net));
  const taken = takeQuoteDiscounts(subtotal, discounts.get(WHOLE_QUOTE) ?? [], money);
  const takenInAll = sum(taken.map(({ units }) => units));
  const shares = allocate(
    takenInAll,
    counted.map(({ net }) => net),
  );
  const shareByLine = new Map(counted.map((line, index) => [line, shares[index] ?? 0n]));

  return {
    lines: lines.map((line) => {
      const share = shareByLine.get(line) ?? 0n;
      if (share === 0n) return line.shown;
      return { ...line.shown, quoteDiscount: money.format(share), total: money.format(line.net - share) };
    }),
    subtotal: money.format(subtotal),
    discounts: taken.map(({ row, units }) => ({
      id: row.id,
      label: textOf(row.cells['label']),
      amount: money.format(units),
    })),
    total: money.format(subtotal - takenInAll),
    currency,
  };
}

interface PricedLine {
  readonly net: bigint;
  /** Without a share of the discounts on the quote. */
  readonly shown: LineTotal;
}

function priceLine({ id, cells }: Row, discounts: readonly Row[], money: Money): PricedLine {
  const quantity = readDecimal(cells['quantity']) ?? ONE;
  const unitPrice = readDecimal(cells['unitPrice']) ?? ZERO;
  const discountPercent = percentOf(cells['discountPercent']);
  const list = quantity.times(unitPrice);
  const own = discountPercent.isZero() ? list : list.minus(shareOf(list, discountPercent));
  const left = discounts.reduce((rest, discount) => rest.minus(amountOff(rest, discount.cells)), own);
  const units = money.toUnits(list);
  const net = left === list ? units : money.toUnits(left);
  return {
    net,
    shown: {
      id,
      optional: cells['optional'] === true,
      quantity: formatDecimal(quantity),
      unitPrice: money.formatPrice(unitPrice),
      discountPercent: formatDecimal(discountPercent),
      list: money.format(units),
      net: money.format(net),
      quoteDiscount: money.format(0n),
      total: money.format(net),
    },
  };
}

function takeQuoteDiscounts(
  subtotal: bigint,
  discounts: readonly Row[],
  money: Money,
): { readonly row: Row; readonly units: bigint }[] {
  const base = money.toAmount(subtotal);
  let left = subtotal;
  return discounts.map((row) => {
    const units = upTo(left, money.toUnits(amountOff(base, row.cells)));
    left -= units;
    return { row, units };
  });
}

/** `units`, but no further from zero than `limit`, which has the same sign or is zero. */
function upTo(limit: bigint, units: bigint): bigint {
  if (limit === 0n) return 0n;
  const isWithin = limit > 0n ? units <= limit : units >= limit;
  return isWithin ? units : limit;
}

function discountsByTarget(discounts: readonly Row[]): Map<string, Row[]> {
  const byTarget = new Map<string, Row[]>();
  for (const row of discounts.filter(isOnQuote)) {
    const target = targetOfDiscount(row.cells);
    const sameTarget = byTarget.get(target);
    if (sameTarget) sameTarget.push(row);
    else byTarget.set(target, [row]);
  }
  return byTarget;
}

const currencyOf = (value: CellValue | undefined): string =>
  typeof value === 'string' && isCurrencyCode(value) ? value : '';

const textOf = (value: CellValue | undefined): string => (typeof value === 'string' ? value : '');

const sum = (units: readonly bigint[]): bigint => units.reduce((a, b) => a + b, 0n);

import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { CellValue } from '../../src/quote/cell.ts';
import { minorUnitsOf } from '../../src/quote/currency.ts';
import { type Totals, priceQuote } from '../../src/quote/pricing.ts';
import { type Row, type Snapshot, readSnapshot } from '../../src/quote/snapshot.ts';

const decimal = (max: number, decimals: number): fc.Arbitrary<string> =>
  fc.nat(max * 10 ** decimals).map((units) => new Decimal(units).div(10 ** decimals).toFixed());
const signed = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom('', '', '', '-'), value).map(([sign, number]) => sign + number);
const anyCell = fc.constantFrom<CellValue>('', 'x', true, false, 'NaN', '1e5', '-', '١', '9'.repeat(13));
const often = (value: fc.Arbitrary<CellValue>): fc.Arbitrary<CellValue> =>
  fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: anyCell });

const lineCells = (price: fc.Arbitrary<string>, quantity: fc.Arbitrary<string>): fc.Arbitrary<Row['cells']> =>
  fc.record(
    {
      unitPrice: often(price),
      quantity: often(quantity),
      discountPercent: often(decimal(100, 2)),
      optional: often(fc.boolean()),
      removed: fc.constantFrom<CellValue>(null, null, null, true),
    },
    { requiredKeys: [] },
  );

const discountCells: fc.Arbitrary<Row['cells']> = fc.record(
  {
    kind: often(fc.constantFrom('percent', 'amount')),
    value: often(decimal(100, 3)),
    appliesTo: often(fc.constantFrom('quote', 'r0', 'r1', 'r2', 'r99')),
    label: fc.constantFrom<CellValue>('Partner', 'Volume'),
  },
  { requiredKeys: [] },
);

const rowsOf = (cells: fc.Arbitrary<Row['cells']>): fc.Arbitrary<Row[]> =>
  fc.array(cells, { maxLength: 8 }).map((all) => all.map((one, index) => ({ id: `r${index}`, cells: one })));

const quotes = (price: fc.Arbitrary<string>, quantity: fc.Arbitrary<string>): fc.Arbitrary<Snapshot> =>
  fc.record({
    fields: fc.record({
      currency: fc.constantFrom<CellValue>('EUR', 'JPY', 'KWD', 'CLF', 'x'),
      rounding: fc.constantFrom<CellValue>('half_up', 'half_even', true),
    }),
    lineItems: rowsOf(lineCells(price, quantity)),
    discounts: rowsOf(discountCells),
    notes: fc.constant([]),
  });

const anyQuote = quotes(signed(decimal(1000, 4)), signed(decimal(20, 2)));
const quoteWithoutCredit = quotes(decimal(1000, 4), decimal(20, 2));

const sumOf = (amounts: readonly string[]): string =>
  amounts.reduce((a, b) => a.plus(b), new Decimal(0)).toFixed();
const isSame = (a: string, b: string): boolean => new Decimal(a).eq(b);
const counted = ({ lines }: Totals): Totals['lines'] => lines.filter(({ optional }) => !optional);

describe('whatever a quote holds', () => {
  it('what is printed adds up', () => {
    fc.assert(
      fc.property(anyQuote, (snapshot) => {
        const totals = priceQuote(snapshot);
        const lines = counted(totals);
        const taken = sumOf(totals.discounts.map(({ amount }) => amount));
        expect(isSame(sumOf(lines.map(({ net }) => net)), totals.subtotal)).toBe(true);
        expect(isSame(sumOf(lines.map(({ quoteDiscount }) => quoteDiscount)), taken)).toBe(true);
        expect(isSame(sumOf(lines.map(({ total }) => total)), totals.total)).toBe(true);
        expect(isSame(sumOf([totals.total, taken]), totals.subtotal)).toBe(true);
        for (const one of totals.lines)
          expect(isSame(sumOf([one.total, one.quoteDiscount]), one.net)).toBe(true);
      }),
    );
  });

  it('every amount is a decimal with exactly the decimals of the currency', () => {
    fc.assert(
      fc.property(anyQuote, (snapshot) => {
        const totals = priceQuote(snapshot);
        const decimals = minorUnitsOf(totals.currency);
        const form = decimals === 0 ? /^-?\d+$/ : new RegExp(String.raw`^-?\d+\.\d{${decimals}}$`);
        const amounts = [
          totals.subtotal,
          totals.total,
          ...totals.discounts.map(({ amount }) => amount),
          ...totals.lines.flatMap(({ list, net, quoteDiscount, total }) => [list, net, quoteDiscount, total]),
        ];
        for (const amount of amounts) {
          expect(amount).toMatch(form);
          expect(amount).not.toMatch(/^-[0.]*$/);
        }
        for (const { quantity, unitPrice } of totals.lines) expect(quantity + unitPrice).toMatch(/^[-\d.]+$/);
        expect(JSON.parse(JSON.stringify(totals))).toEqual(totals);
      }),
    );
  });

  it('discounts move every amount towards zero, and never past it', () => {
    const isBetweenZeroAnd = (limit: string, amount: string): boolean =>
      new Decimal(limit).lt(0)
        ? new Decimal(amount).lte(0) && new Decimal(amount).gte(limit)
        : new Decimal(amount).gte(0) && new Decimal(amount).lte(limit);
    fc.assert(
      fc.property(anyQuote, (snapshot) => {
        const totals = priceQuote(snapshot);
        expect(isBetweenZeroAnd(totals.subtotal, totals.total)).toBe(true);
        for (const { list, net, total } of totals.lines) {
          expect(isBetweenZeroAnd(list, net)).toBe(true);
          expect(isBetweenZeroAnd(net, total)).toBe(true);
        }
      }),
    );
  });

  it('nothing is below zero where nothing is credited', () => {
    fc.assert(
      fc.property(quoteWithoutCredit, (snapshot) => {
        const { subtotal, total, discounts, lines } = priceQuote(snapshot);
        const all = [
          subtotal,
          total,
          ...discounts.map(({ amount }) => amount),
          ...lines.map((one) => one.total),
        ];
        expect(all.filter((amount) => amount.startsWith('-'))).toEqual([]);
      }),
    );
  });

  it('each line net is the exact one, rounded once', () => {
    fc.assert(
      fc.property(anyQuote, fc.boolean(), (snapshot, isEven) => {
        const fields = { ...snapshot.fields, rounding: isEven ? 'half_even' : 'half_up' };
        const { lines, currency } = priceQuote({ ...snapshot, fields, discounts: [] });
        const Wide = Decimal.clone({ precision: 200 });
        for (const { quantity, unitPrice, discountPercent, net } of lines) {
          const exact = new Wide(quantity)
            .times(unitPrice)
            .times(new Wide(100).minus(discountPercent))
            .div(100);
          const mode = isEven ? Decimal.ROUND_HALF_EVEN : Decimal.ROUND_HALF_UP;
          expect(new Decimal(net).eq(exact.toDecimalPlaces(minorUnitsOf(currency), mode))).toBe(true);
        }
      }),
    );
  });

  it('the order in which rows and cells were written makes no difference', () => {
    fc.assert(
      fc.property(
        anyQuote.chain((snapshot) => {
          const writes = writesOf(snapshot);
          return fc.record({
            one: fc.constant(writes),
            other: fc.shuffledSubarray(writes, { minLength: writes.length, maxLength: writes.length }),
          });
        }),
        ({ one, other }) => {
          expect(priceQuote(readSnapshot(docOf(other)))).toEqual(priceQuote(readSnapshot(docOf(one))));
        },
      ),
      { numRuns: 50 },
    );
  });
});

interface CellWrite {
  readonly root: string;
  readonly key: string;
  readonly value: CellValue;
}

function writesOf({ fields, lineItems, discounts }: Snapshot): CellWrite[] {
  const ofRows = (root: string, rows: readonly Row[]): CellWrite[] =>
    rows.flatMap(({ id, cells }, index) =>
      Object.entries({ ...cells, position: `a${index}` }).map(([column, value]) => ({
        root,
        key: `${id}/${column}`,
        value,
      })),
    );
  return [
    ...Object.entries(fields).map(([key, value]) => ({ root: 'fields', key, value })),
    ...ofRows('lineItems', lineItems),
    ...ofRows('discounts', discounts),
  ];
}

function docOf(writes: readonly CellWrite[]): Y.Doc {
  const doc = new Y.Doc();
  for (const { root, key, value } of writes) doc.getMap(root).set(key, value);
  return doc;
}

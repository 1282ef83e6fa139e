import { describe, expect, it } from 'vitest';
import type { CellValue } from '../../src/quote/cell.ts';
import { kindOfDiscount } from '../../src/quote/discount.ts';
import { priceQuote } from '../../src/quote/pricing.ts';
import type { Row, Snapshot } from '../../src/quote/snapshot.ts';

type Cells = Record<string, CellValue>;

const rows = (prefix: string, all: readonly Cells[]): Row[] =>
  all.map((cells, index) => ({ id: `${prefix}${index + 1}`, cells }));

/** Lines `l1`, `l2` ... and discounts `d1`, `d2` ... in order. */
const quote = (lines: readonly Cells[], discounts: readonly Cells[] = [], fields: Cells = {}): Snapshot => ({
  fields,
  lineItems: rows('l', lines),
  discounts: rows('d', discounts),
  notes: [],
});

const line = (unitPrice: string, more: Cells = {}): Cells => ({ unitPrice, ...more });
const percent = (value: string, more: Cells = {}): Cells => ({ kind: 'percent', value, ...more });
const amount = (value: string, more: Cells = {}): Cells => ({ kind: 'amount', value, ...more });

describe('priceQuote', () => {
  it('prices lines, takes discounts off and says what each part is', () => {
    const snapshot = quote(
      [line('24500', { quantity: '2', discountPercent: '10' }), line('0.857', { quantity: '1200' })],
      [percent('5', { label: 'Loyalty', appliesTo: 'quote' }), amount('100')],
      { currency: 'EUR' },
    );
    expect(priceQuote(snapshot)).toEqual({
      lines: [
        {
          id: 'l1',
          optional: false,
          quantity: '2',
          unitPrice: '24500.00',
          discountPercent: '10',
          list: '49000.00',
          net: '44100.00',
          quoteDiscount: '2302.72',
          total: '41797.28',
        },
        {
          id: 'l2',
          optional: false,
          quantity: '1200',
          unitPrice: '0.857',
          discountPercent: '0',
          list: '1028.40',
          net: '1028.40',
          quoteDiscount: '53.70',
          total: '974.70',
        },
      ],
      subtotal: '45128.40',
      discounts: [
        { id: 'd1', label: 'Loyalty', amount: '2256.42' },
        { id: 'd2', label: '', amount: '100.00' },
      ],
      total: '42771.98',
      currency: 'EUR',
    });
  });

  it('prices an empty quote', () => {
    expect(priceQuote(quote([]))).toEqual({
      lines: [],
      subtotal: '0.00',
      discounts: [],
      total: '0.00',
      currency: '',
    });
  });

  it.each<[string, Snapshot, { subtotal: string; total: string }]>([
    ['quantity is 1 where missing', quote([line('5')]), { subtotal: '5.00', total: '5.00' }],
    ['price is 0 where missing', quote([{ quantity: '3' }]), { subtotal: '0.00', total: '0.00' }],
    [
      'a line is rounded once, after its discounts',
      // 3 * 0.335 = 1.005; less 50 % = 0.5025; rounding each step would give 0.51
      quote([line('0.335', { quantity: '3', discountPercent: '50' })]),
      { subtotal: '0.50', total: '0.50' },
    ],
    ['sums are of rounded lines', quote([line('0.005'), line('0.005')]), { subtotal: '0.02', total: '0.02' }],
    [
      'doubles would lose cents here',
      quote([
        line('0.1', { quantity: '3' }),
        line('123456789012.123456', { quantity: '999999999999.999999' }),
      ]),
      { subtotal: '123456789012123455876543.51', total: '123456789012123455876543.51' },
    ],
    [
      'quote discounts are of the subtotal, not of each other',
      quote([line('100')], [percent('10'), percent('10')]),
      { subtotal: '100.00', total: '80.00' },
    ],
    [
      'quote discounts are rounded each',
      quote([line('0.10')], [percent('5'), percent('5')]),
      { subtotal: '0.10', total: '0.08' },
    ],
    [
      'quote discounts stop at zero together',
      quote([line('100')], [percent('60'), amount('70'), amount('5')]),
      { subtotal: '100.00', total: '0.00' },
    ],
    [
      'a discount without a kind is a percentage',
      quote([line('200')], [{ value: '10' }]),
      { subtotal: '200.00', total: '180.00' },
    ],
    [
      'a discount without a value is none',
      quote([line('200')], [{ kind: 'amount' }]),
      { subtotal: '200.00', total: '200.00' },
    ],
    [
      'discounts on a line come first, its own before the others, each of what is left',
      quote(
        [line('100', { discountPercent: '10' }), line('100')],
        [
          percent('50', { appliesTo: 'quote' }),
          percent('10', { appliesTo: 'l1' }),
          amount('1', { appliesTo: 'l1' }),
        ],
      ),
      { subtotal: '180.00', total: '90.00' },
    ],
    [
      'an amount on a line stops at zero',
      quote([line('10'), line('10')], [amount('50', { appliesTo: 'l1' })]),
      { subtotal: '10.00', total: '10.00' },
    ],
    [
      'discounts on unknown and removed lines count for nothing',
      quote(
        [line('10'), line('10', { removed: true })],
        [amount('5', { appliesTo: 'l2' }), amount('5', { appliesTo: 'l9' })],
      ),
      { subtotal: '10.00', total: '10.00' },
    ],
    [
      'removed discounts count for nothing',
      quote([line('10')], [amount('5', { removed: true })]),
      { subtotal: '10.00', total: '10.00' },
    ],
    [
      'optional lines are in no sum',
      quote([line('10'), line('90', { optional: true })], [percent('10')]),
      { subtotal: '10.00', total: '9.00' },
    ],
    [
      'optional is only what says so',
      quote([line('10', { optional: false }), line('90', { optional: 'yes' })]),
      { subtotal: '100.00', total: '100.00' },
    ],
    [
      'credit lines are taken off',
      quote([line('100'), line('30', { quantity: '-1' }), line('-20')], [percent('10')]),
      { subtotal: '50.00', total: '45.00' },
    ],
    [
      'a percentage makes a credit smaller, an amount does not touch it',
      quote([line('-100')], [percent('10'), amount('5')]),
      { subtotal: '-100.00', total: '-90.00' },
    ],
    [
      'percentages of a credit stop at zero',
      quote([line('-100')], [percent('60'), percent('60'), percent('60')]),
      { subtotal: '-100.00', total: '0.00' },
    ],
    [
      'line discounts on a credit line do the same',
      quote([line('-100', { discountPercent: '10' })], [amount('5', { appliesTo: 'l1' })]),
      { subtotal: '-90.00', total: '-90.00' },
    ],
    [
      'what is no number reads as missing',
      quote(
        [
          line('NaN'),
          line('1e3'),
          { quantity: true, unitPrice: '7' },
          { quantity: 'Infinity', unitPrice: '7' },
          line('1', { discountPercent: '-5' }),
          line('1', { discountPercent: '150' }),
        ],
        [percent('150'), percent('x'), amount('-5'), { kind: true, value: false, appliesTo: true }],
        { currency: 'euro', rounding: 'upwards' },
      ),
      { subtotal: '16.00', total: '16.00' },
    ],
  ])('%s', (_, snapshot, expected) => {
    const { subtotal, total } = priceQuote(snapshot);
    expect({ subtotal, total }).toEqual(expected);
  });

  it.each([
    ['EUR', '1.005', 'half_up', '1.01'],
    ['EUR', '1.015', 'half_up', '1.02'],
    ['EUR', '-1.005', 'half_up', '-1.01'],
    ['EUR', '1.005', 'half_even', '1.00'],
    ['EUR', '1.015', 'half_even', '1.02'],
    ['EUR', '1.005001', 'half_even', '1.01'],
    ['EUR', '-1.005', 'half_even', '-1.00'],
    ['EUR', '1.005', null, '1.01'],
    ['EUR', '-0.004', null, '0.00'],
    ['JPY', '2.5', 'half_up', '3'],
    ['JPY', '2.5', 'half_even', '2'],
    ['KWD', '1.0005', 'half_up', '1.001'],
    ['KWD', '1', 'half_even', '1.000'],
    ['CLF', '1.00005', 'half_up', '1.0001'],
    ['', '1.005', 'half_up', '1.01'],
    ['???', '1.5', 'half_up', '1.50'],
  ])('rounds in %j: %s, %s, to %s', (currency, unitPrice, rounding, total) => {
    expect(priceQuote(quote([line(unitPrice)], [], { currency, rounding })).total).toBe(total);
  });

  it('rounds quote discounts by the same rule', () => {
    const totalOf = (rounding: string): string =>
      priceQuote(quote([line('0.50')], [percent('5')], { rounding })).total;
    expect([totalOf('half_up'), totalOf('half_even')]).toEqual(['0.47', '0.48']);
  });

  it('allocates to the largest remainder, the first of equal ones', () => {
    const { lines } = priceQuote(quote([line('1'), line('1'), line('1')], [amount('1')]));
    expect(lines.map(({ quoteDiscount }) => quoteDiscount)).toEqual(['0.34', '0.33', '0.33']);
    expect(lines.map(({ total }) => total)).toEqual(['0.66', '0.67', '0.67']);
  });

  it('prices optional lines, with their own discounts and without a share', () => {
    const { lines } = priceQuote(
      quote(
        [line('10'), line('80', { optional: true })],
        [percent('50'), percent('10', { appliesTo: 'l2' })],
      ),
    );
    expect(lines[1]).toMatchObject({
      optional: true,
      list: '80.00',
      net: '72.00',
      quoteDiscount: '0.00',
      total: '72.00',
    });
  });

  it('shows what each discount really took', () => {
    const { discounts } = priceQuote(quote([line('100')], [percent('60'), amount('70'), amount('5')]));
    expect(discounts.map((one) => one.amount)).toEqual(['60.00', '40.00', '0.00']);
  });

  it('takes a discount for `quote` of the quote, even where a line has that id', () => {
    const snapshot = {
      ...quote([], [amount('5', { appliesTo: 'quote' })]),
      lineItems: [{ id: 'quote', cells: line('9') }],
    };
    const { lines, total } = priceQuote(snapshot);
    expect([lines[0]?.net, total]).toEqual(['9.00', '4.00']);
  });

  it('stays exact with many discounts on one line', () => {
    const discounts = Array.from({ length: 200 }, () => percent('0.000001', { appliesTo: 'l1' }));
    // 10^9 * (1 - 10^-8)^200 = 999998000.00198...
    expect(priceQuote(quote([line('1000000000')], discounts)).total).toBe('999998000.00');
  });
});

it.each<[Cells, string]>([
  [{}, 'percent'],
  [{ kind: 'percent' }, 'percent'],
  [{ kind: 'amount' }, 'amount'],
  [{ kind: true }, 'percent'],
])('a discount of %j is of kind %s', (cells, kind) => {
  expect(kindOfDiscount(cells)).toBe(kind);
});

import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/lib/limits.ts';
import { describeProblem } from '../../src/quote/import-result.ts';
import { parseNewQuote } from '../../src/quote/new-quote-body.ts';
import { cellsOfNewQuote } from '../../src/quote/new-quote.ts';

const parse = (json: unknown): ReturnType<typeof parseNewQuote> => parseNewQuote(json, defaultLimits);
const problemsOf = (json: unknown): string[] => {
  const parsed = parse(json);
  return parsed.ok ? [] : parsed.reason.map(describeProblem);
};

const counter = (): (() => string) => {
  let count = 0;
  return () => `made${(count += 1)}`;
};

describe('parseNewQuote', () => {
  it('takes a body with everything in it', () => {
    expect(
      parse({
        id: 'q1',
        fields: { title: 'Rollout', currency: 'EUR', x_region: 'EMEA' },
        lineItems: [{ id: 'l1', name: 'Seats', quantity: 250, unitPrice: '49.90', optional: true }],
        discounts: [{ label: 'Loyalty', kind: 'percent', value: 5.5, appliesTo: 'quote' }],
        notes: [{ id: 'n1', audience: 'internal', text: 'Ask legal.' }],
      }),
    ).toEqual({
      ok: true,
      value: {
        id: 'q1',
        fields: { title: 'Rollout', currency: 'EUR', x_region: 'EMEA' },
        lineItems: [
          { id: 'l1', cells: { name: 'Seats', quantity: '250', unitPrice: '49.90', optional: true } },
        ],
        discounts: [{ cells: { label: 'Loyalty', kind: 'percent', value: '5.5', appliesTo: 'quote' } }],
        notes: [{ id: 'n1', cells: { audience: 'internal' }, text: 'Ask legal.' }],
      },
    });
  });

  it('takes a body with nothing in it', () => {
    expect(parse({})).toEqual({ ok: true, value: { fields: {}, lineItems: [], discounts: [], notes: [] } });
  });

  it('takes back what was read from a quote, without its totals, revision and positions', () => {
    const parsed = parse({
      revision: 7,
      totals: { total: '1' },
      lineItems: [{ id: 'l1', position: 'a5', name: 'Seats' }],
    });
    expect(parsed.ok && parsed.value.lineItems).toEqual([{ id: 'l1', cells: { name: 'Seats' } }]);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [1e-6, '0.000001'],
    [123456789012, '123456789012'],
    [-2.5, '-2.5'],
  ])('writes the number %d as "%s"', (number, quantity) => {
    const parsed = parse({ lineItems: [{ quantity: number }] });
    expect(parsed.ok && parsed.value.lineItems[0]?.cells).toEqual({ quantity });
  });

  it.each<[unknown, string]>([
    [null, 'Invalid input: expected object, received null'],
    [{ lineitems: [] }, 'Unrecognized key: "lineitems"'],
    [{ id: 'a b' }, 'id: takes 1 to 64 letters, digits, _ and -'],
    [{ lineItems: {} }, 'lineItems: Invalid input: expected array, received object'],
    [{ lineItems: [{}, { id: 5 }] }, 'lineItems[1].id: takes 1 to 64 letters, digits, _ and -'],
    [{ lineItems: [{ name: ['x'] }] }, 'lineItems[0].name: takes text, a number, true, false or null'],
    [
      { lineItems: [{ text: 'x' }] },
      'lineItems[0].text: is no column of lineItems; columns of your own are named x_ and letters, digits or _',
    ],
    [
      { fields: { sum: 1 } },
      'fields.sum: is no column of fields; columns of your own are named x_ and letters, digits or _',
    ],
    [{ fields: { status: null } }, 'fields.status: cannot be empty'],
    [
      { lineItems: [{ quantity: 1e21 }] },
      'lineItems[0].quantity: takes a decimal like "12.5", with at most 12 digits before and 6 after the point',
    ],
    [
      { lineItems: [{ quantity: 0.1 + 0.2 }] },
      'lineItems[0].quantity: takes a decimal like "12.5", with at most 12 digits before and 6 after the point',
    ],
    [{ discounts: [{ kind: 'rebate' }] }, 'discounts[0].kind: takes one of percent, amount'],
    [{ notes: [{ text: '\ud800' }] }, 'notes[0].text: takes text without half characters (lone surrogates)'],
    [
      { lineItems: [{ id: 'l1' }, { id: 'l2' }, { id: 'l1' }] },
      'lineItems: has several rows with the id l1; ids are given once',
    ],
    [{ notes: Array.from({ length: 501 }, () => ({})) }, 'notes: has 501 rows; a quote takes at most 500'],
  ])('refuses %j', (json, problem) => {
    expect(problemsOf(json)).toEqual([problem]);
  });

  it('lets no name of an object in', () => {
    const parsed = parse(JSON.parse('{"fields":{"__proto__":"x"},"lineItems":[{"__proto__":{"name":"x"}}]}'));
    expect(parsed.ok && parsed.value.fields).toEqual({});
    expect(parsed.ok && parsed.value.lineItems[0]?.cells['name']).toBeUndefined();
    expect(problemsOf({ fields: { constructor: 'x' } })).toHaveLength(1);
  });

  it('tells all problems, up to a bound', () => {
    expect(
      problemsOf({ fields: { status: 'x' }, lineItems: [{ quantity: 'x' }, { sku: 1, unitPrice: 'x' }] }),
    ).toHaveLength(3);
    const many = problemsOf({ lineItems: Array.from({ length: 60 }, () => ({ quantity: 'x' })) });
    expect([many.length, many.at(-1)]).toEqual([51, 'and 10 more']);
  });
});

describe('cellsOfNewQuote', () => {
  it('gives rows ids and positions in their order, and leaves empty cells out', () => {
    const { cells, texts } = cellsOfNewQuote(
      {
        fields: { title: 'Rollout', customer: null },
        lineItems: [{ cells: { name: 'Seats' } }, { id: 'l2', cells: { optional: true, sku: null } }],
        discounts: [{ cells: {} }],
        notes: [
          { cells: {}, text: '' },
          { id: 'n2', cells: {}, text: 'Ask legal.' },
        ],
      },
      counter(),
    );
    expect(cells.map(({ cell, value }) => [`${cell.root}/${cell.key}`, value])).toEqual([
      ['fields/title', 'Rollout'],
      ['lineItems/made1/name', 'Seats'],
      ['lineItems/made1/position', 'a0'],
      ['lineItems/l2/optional', true],
      ['lineItems/l2/position', 'a1'],
      ['discounts/made2/position', 'a0'],
      ['notes/made3/position', 'a0'],
      ['notes/n2/position', 'a1'],
    ]);
    expect(cells[3]?.source).toEqual({ root: 'lineItems', index: 1, column: 'optional' });
    expect(texts).toEqual([{ note: 'n2', text: 'Ask legal.' }]);
  });

  it('keeps the order of many rows', () => {
    const lineItems = Array.from({ length: 2_000 }, () => ({ cells: {} }));
    const { cells } = cellsOfNewQuote({ fields: {}, lineItems, discounts: [], notes: [] }, counter());
    const positions = cells.map(({ value }) => String(value));
    expect(new Set(positions).size).toBe(2_000);
    expect(positions.toSorted()).toEqual(positions);
  });

  it('never gives two rows one id', () => {
    const quote = {
      fields: {},
      lineItems: [{ id: 'l1', cells: {} }, { cells: {} }],
      discounts: [],
      notes: [],
    };
    expect(() => cellsOfNewQuote(quote, () => 'l1')).toThrow('ids that are made are new ones');
  });
});

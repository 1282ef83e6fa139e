import { describe, expect, test } from 'vitest';
import type { CellValue } from '../../../src/quote/cell.ts';
import { type PasteTarget, planPaste } from '../../../src/web/grid/clipboard/plan-paste.ts';
import { NEW_ROW, selectAll, selectCell } from '../../../src/web/grid/selection.ts';

const axes = {
  rows: ['l1', 'l2', 'l3', NEW_ROW],
  columns: ['sku', 'name', 'quantity', 'unitPrice', 'discountPercent', 'net'],
};

function target(change: Partial<PasteTarget> = {}, cells: Record<string, CellValue> = {}): PasteTarget {
  return {
    axes,
    selection: selectCell({ row: 'l1', column: 'sku' }),
    readCell: (cell) => cells[cell.replace('lineItems/', '')] ?? null,
    ask: () => ({ kind: 'open' }),
    currency: 'EUR',
    linesMade: 3,
    group: '',
    locale: 'en',
    ...change,
  };
}

const at = (row: string, column: string): Partial<PasteTarget> => ({
  selection: selectCell({ row, column }),
});
const range = (from: [string, string], to: [string, string]): Partial<PasteTarget> => ({
  selection: { anchor: { row: from[0], column: from[1] }, head: { row: to[0], column: to[1] } },
});

/** Writes in a short form: `l1/quantity`. */
function paste(block: string[][], change: Partial<PasteTarget> = {}, cells: Record<string, CellValue> = {}) {
  const plan = planPaste(block, target(change, cells));
  if (plan.kind !== 'paste') return plan;
  return {
    writes: Object.fromEntries(plan.writes.map(({ cell, value }) => [cell.replace('lineItems/', ''), value])),
    newRows: plan.newRows,
    leftOut: plan.leftOut.map(({ line, column, text, why }) => [line, column, text, why]),
    lineCount: plan.lineCount,
  };
}

describe('where a block goes', () => {
  test('from the top left of the selection', () => {
    expect(
      paste(
        [
          ['A', 'Seat'],
          ['B', 'Bed'],
        ],
        range(['l3', 'quantity'], ['l2', 'sku']),
      ),
    ).toMatchObject({
      writes: { 'l2/sku': 'A', 'l2/name': 'Seat', 'l3/sku': 'B', 'l3/name': 'Bed' },
      newRows: [],
    });
  });

  test('one cell fills all that is selected, a block a multiple of it', () => {
    expect(paste([['7']], range(['l1', 'quantity'], ['l3', 'quantity']))).toMatchObject({
      writes: { 'l1/quantity': '7', 'l2/quantity': '7', 'l3/quantity': '7' },
    });
    expect(paste([['7', '8']], range(['l1', 'quantity'], ['l2', 'unitPrice']))).toMatchObject({
      writes: { 'l1/quantity': '7', 'l1/unitPrice': '8', 'l2/quantity': '7', 'l2/unitPrice': '8' },
    });
  });

  test('lines beyond the end are new ones, empty ones left out', () => {
    expect(
      paste(
        [
          ['A', ''],
          ['B', 'Bed'],
          ['', ' '],
          ['C', ''],
        ],
        at('l3', 'sku'),
      ),
    ).toMatchObject({
      writes: { 'l3/sku': 'A' },
      newRows: [{ sku: 'B', name: 'Bed' }, { sku: 'C' }],
      lineCount: 3,
    });
    expect(paste([['A']], at(NEW_ROW, 'name'))).toMatchObject({ writes: {}, newRows: [{ name: 'A' }] });
  });

  test('new lines come into the group of the last one, unless the block says another', () => {
    const grouped = { ...at(NEW_ROW, 'name'), group: 'Hardware' };
    expect(paste([['Seat']], grouped)).toMatchObject({ newRows: [{ name: 'Seat', group: 'Hardware' }] });
    const block = [
      ['Name', 'Group'],
      ['Seat', 'Services'],
      ['Bed', ''],
    ];
    expect(paste(block, grouped)).toMatchObject({ newRows: [{ group: 'Services' }, { name: 'Bed' }] });
  });

  test('empty cells empty, equal ones are no write', () => {
    expect(paste([['', 'Seat']], {}, { 'l1/sku': 'A', 'l1/name': 'Seat' })).toMatchObject({
      writes: { 'l1/sku': null },
    });
  });

  test('the net is skipped, columns beyond the last are told', () => {
    expect(paste([['5', '99', 'extra', '']], at('l1', 'discountPercent'))).toMatchObject({
      writes: { 'l1/discountPercent': '5' },
      leftOut: [[null, 'Column 1 too many', '', 'There is no column this far to the right.']],
    });
  });
});

describe('a first row of headers', () => {
  const headed = [
    ['Menge', 'Product Name', 'Einzelpreis', 'Total', 'Lieferzeit'],
    ['2', 'Seat', '1.234,50', '2.469,00', '3 Wochen'],
  ];

  test('maps columns by name', () => {
    expect(paste(headed, at(NEW_ROW, 'sku'))).toMatchObject({
      newRows: [{ quantity: '2', name: 'Seat', unitPrice: '1234.5', x_lieferzeit: '3 Wochen' }],
      leftOut: [[null, 'Total', '', 'Worked out here, or not kept in a quote.']],
      lineCount: 1,
    });
  });

  test('one known header is enough in an empty quote, and not elsewhere', () => {
    const block = [
      ['Item', 'Color', 'Shape'],
      ['Seat', 'red', 'round'],
    ];
    const empty = { axes: { ...axes, rows: [NEW_ROW] }, ...at(NEW_ROW, 'sku') };
    expect(paste(block, empty)).toMatchObject({
      newRows: [{ name: 'Seat', x_color: 'red', x_shape: 'round' }],
    });
    expect(paste(block)).toMatchObject({ writes: { 'l1/sku': 'Item', 'l2/sku': 'Seat' } });
  });

  test('a header alone is a line', () => {
    expect(paste([['SKU', 'Name']])).toMatchObject({ writes: { 'l1/sku': 'SKU', 'l1/name': 'Name' } });
  });

  test('prices in another currency are not pasted', () => {
    const block = [
      ['Name', 'Price', 'Currency'],
      ['Seat', '5', 'USD'],
    ];
    expect(paste(block)).toMatchObject({ kind: 'nothing', why: expect.stringContaining('in USD') });
    expect(paste(block, { currency: 'USD' })).toMatchObject({ writes: { 'l1/name': 'Seat' } });
    expect(paste(block, { currency: '' })).toMatchObject({ writes: { 'fields/currency': 'USD' } });
  });
});

describe('numbers of a block', () => {
  test('others of it prove what could be two', () => {
    expect(paste([['1.234'], ['5,5']], at('l1', 'unitPrice'))).toMatchObject({
      writes: { 'l1/unitPrice': '1234', 'l2/unitPrice': '5.5' },
    });
  });

  test('without proof a person is asked, and the answer counts for all', () => {
    const block = [['1.234'], ['2.000']];
    expect(paste(block, at('l1', 'unitPrice'))).toEqual({
      kind: 'ambiguous',
      text: '1.234',
      readings: { '.': '1.234', ',': '1234' },
    });
    expect(planPaste(block, target(at('l1', 'unitPrice')), ',')).toMatchObject({
      writes: [
        { cell: 'lineItems/l1/unitPrice', value: '1234' },
        { cell: 'lineItems/l2/unitPrice', value: '2000' },
      ],
    });
  });

  test('one number alone is read as if typed', () => {
    expect(paste([['1.234']], { ...at('l1', 'unitPrice'), locale: 'de' })).toMatchObject({
      writes: { 'l1/unitPrice': '1234' },
    });
  });

  test('two ways of writing are each read as they prove', () => {
    expect(paste([['1,234.5'], ['1.234,5']], at('l1', 'unitPrice'))).toMatchObject({
      writes: { 'l1/unitPrice': '1234.5', 'l2/unitPrice': '1234.5' },
    });
  });
});

describe('what does not fit', () => {
  test('is left out and told, the rest is pasted', () => {
    expect(
      paste(
        [
          ['many', '5'],
          ['2', 'free'],
        ],
        at('l3', 'quantity'),
      ),
    ).toMatchObject({
      writes: { 'l3/unitPrice': '5' },
      newRows: [{ quantity: '2' }],
      leftOut: [
        [3, 'Quantity', 'many', '"many" is not a number.'],
        [4, 'Unit price', 'free', '"free" is not a number.'],
      ],
    });
  });

  test('what the server would refuse is not written', () => {
    const why = 'A discount over 10 % needs a Sales Manager.';
    const ask: PasteTarget['ask'] = (_cell, value) =>
      Number(value) > 10
        ? { kind: 'closed', reason: 'not_permitted', by: null, message: why }
        : { kind: 'open' };
    expect(paste([['10'], ['15'], ['5']], { ...at('l2', 'discountPercent'), ask })).toMatchObject({
      writes: { 'l2/discountPercent': '10' },
      newRows: [{ discountPercent: '5' }],
      leftOut: [[3, 'Discount', '15', why]],
    });
  });

  test('over the limit of lines nothing is pasted', () => {
    const block = Array.from({ length: 10 }, (_, index) => [`P${index}`]);
    expect(paste(block, { ...at(NEW_ROW, 'sku'), linesMade: 1_995 })).toMatchObject({
      kind: 'nothing',
      why: expect.stringContaining('takes 5 more'),
    });
    expect(paste(block, { ...at('l1', 'sku'), linesMade: 1_993 })).toMatchObject({ lineCount: 10 });
  });

  test('an empty block is nothing', () => {
    expect(paste([])).toMatchObject({ kind: 'nothing' });
    expect(paste([['']], at(NEW_ROW, 'sku'))).toMatchObject({ kind: 'nothing' });
  });
});

test('a whole quote fits, to the last line', () => {
  const block = Array.from({ length: 2_000 }, () => ['S-1', 'Seat', '2', '9,99', '5']);
  const whole = { selection: selectAll(axes) ?? selectCell({ row: 'l1', column: 'sku' }) };
  expect(paste(block, whole)).toMatchObject({ lineCount: 2_000, leftOut: [] });
  expect(paste(block, { ...whole, linesMade: 4 })).toMatchObject({ kind: 'nothing' });
});

test('says of a block of more rows than a call has arguments that it is too large', () => {
  const plan = planPaste(
    Array.from({ length: 200_000 }, () => ['1']),
    target(at(NEW_ROW, 'quantity')),
  );
  expect(plan).toMatchObject({ kind: 'nothing', why: expect.stringContaining('would add 200000 lines') });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CellValue } from '../../../src/quote/cell.ts';
import { importCsv } from '../../../src/quote/import-csv.ts';
import type { Snapshot } from '../../../src/quote/snapshot.ts';
import { csvFileName, linesAsCsv } from '../../../src/web/commands/lines-csv.ts';

const snapshotOf = (
  lines: readonly Record<string, CellValue>[],
  currency: string | null = 'EUR',
): Snapshot => ({
  fields: currency === null ? {} : { currency },
  lineItems: lines.map((cells, index) => ({ id: `l${index}`, cells: { position: `a${index}`, ...cells } })),
  discounts: [],
  notes: [],
});

test('a file for a spreadsheet, with the columns that are used', () => {
  const snapshot = snapshotOf([
    { sku: 'A-1', name: 'Seat; "red"', quantity: '2', unitPrice: '1234.5', optional: true },
    { name: '=cmd()', unitPrice: '-3', x_color: 'red' },
  ]);
  expect(linesAsCsv(snapshot, '.')).toBe(
    '\u{feff}SKU,Product Name,Quantity,Unit Price,Optional,x_color,Currency\r\n'.replace(
      'Unit Price',
      'Sales Price',
    ) +
      'A-1,"Seat; ""red""",2,1234.5,yes,,EUR\r\n' +
      ",'=cmd(),,-3,,red,EUR\r\n",
  );
  expect(linesAsCsv(snapshotOf([{ name: 'Seat', unitPrice: '9.5' }], null), ',')).toBe(
    '\u{feff}SKU;Product Name;Quantity;Sales Price\r\n;Seat;;9,5\r\n',
  );
});

test('our own import reads the same lines back', () => {
  const text = fc
    .string({
      unit: fc.constantFrom('a', 'B', '"', ',', ';', '\t', '\n', ' ', "'", '=', '-', '+', '1', 'ä'),
      minLength: 1,
    })
    .map((value) => value.trim())
    .filter((value) => value !== '');
  const decimal = fc
    .tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 9_999 }))
    .map(([whole, part]) => `${whole}.${part}`.replace(/\.?0+$/, '') || '0');
  const line = fc.record(
    {
      name: text,
      sku: text,
      description: text,
      quantity: decimal,
      unit: text,
      unitPrice: decimal,
      discountPercent: fc.constantFrom('5', '12.5', '1.125'),
      group: text,
      optional: fc.constant(true),
      x_color: text,
    },
    { requiredKeys: ['name'] },
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.constantFrom('.', ','), (lines, sign) => {
      const read = importCsv(linesAsCsv(snapshotOf(lines), sign as '.' | ','));
      expect(read).toMatchObject({ ok: true });
      if (!read.ok) return;
      expect(read.value.quote.fields).toEqual({ currency: 'EUR' });
      expect(read.value.quote.lineItems.map(({ cells }) => ({ ...cells }))).toEqual(
        lines.map((one) => ({ ...one })),
      );
    }),
  );
});

describe('the file', () => {
  test('is named after the quote', () => {
    expect(csvFileName('Conveyor / 2026: "north"')).toBe('Conveyor 2026 north - lines.csv');
    expect(csvFileName(null)).toBe('Quote - lines.csv');
    expect(csvFileName('../..')).toBe('Quote - lines.csv');
  });
});

import { expect, test } from 'vitest';
import type { RestorePreview } from '../../../../src/client/carry-out-restore.ts';
import type { Foreseen } from '../../../../src/client/foresight.ts';
import type { CellId } from '../../../../src/lib/ids.ts';
import type { CellValue } from '../../../../src/quote/cell.ts';
import { restoreLines } from '../../../../src/web/history/restore/restore-lines.ts';
import { rowScopeOf } from '../../../../src/web/history/restore/restore-asked.ts';

const open: Foreseen = { kind: 'open' };
const closed: Foreseen = {
  kind: 'closed',
  reason: 'authority_overridden',
  by: null,
  message: 'Vera (VP Sales) set this.',
};

const NAMES: Readonly<Record<string, string>> = {
  'lineItems/l1': 'Bolt',
  'discounts/d1': 'Spring',
  'notes/n1': 'Ann',
};

function linesOf(
  steps: readonly [cell: string, from: CellValue, to: CellValue, foreseen?: Foreseen][],
  texts: RestorePreview['texts'] = [],
): readonly unknown[] {
  const plan = { steps: [], texts: [] };
  const preview: RestorePreview = {
    plan,
    open: plan,
    steps: steps.map(([cell, from, to, foreseen = open]) => ({ cell: cell as CellId, from, to, foreseen })),
    texts,
  };
  const rowName = (root: string, row: string): string | null => NAMES[`${root}/${row}`] ?? null;
  return restoreLines(preview, { rowName, locale: 'en' }).map(({ text, values, refusal }) => [
    text,
    values === null ? null : `${values.before} -> ${values.after}`,
    refusal,
  ]);
}

test('cells say both values, and why they would be refused', () => {
  expect(
    linesOf([
      ['fields/customer', 'ACME', null],
      ['lineItems/l1/discountPercent', '10', '12', closed],
    ]),
  ).toEqual([
    ['Customer', 'ACME -> empty', null],
    ['Discount of Bolt', '10 % -> 12 %', 'Vera (VP Sales) set this.'],
  ]);
});

test('rows come back, go and move as rows', () => {
  expect(
    linesOf([
      ['lineItems/l1/removed', true, null],
      ['discounts/d1/removed', null, true],
      ['lineItems/l1/position', 'a1', 'a0'],
      ['lineItems/l9/position', null, 'a0'],
    ]),
  ).toEqual([
    ['Brings back Bolt', null, null],
    ['Removes the discount Spring', null, null],
    ['Moves Bolt to its old place', null, null],
    ['Brings back a line', null, null],
  ]);
});

test('texts of notes say whose, and both texts', () => {
  expect(linesOf([], [{ note: 'n1', from: '', to: 'Call ACME.', foreseen: open }])).toEqual([
    ['Text of the note by Ann', 'empty -> Call ACME.', null],
  ]);
});

test('a cell of a row leads to the row, a field to none', () => {
  expect(rowScopeOf('lineItems/l1/name')).toEqual({ kind: 'row', root: 'lineItems', row: 'l1' });
  expect(rowScopeOf('fields/title')).toBe(null);
});

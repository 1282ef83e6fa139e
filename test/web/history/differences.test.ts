import { expect, test } from 'vitest';
import { differencesOf } from '../../../src/web/history/differences.ts';
import { byDana, cellDiff, diffOf } from './build-diff.ts';

const NAMES: Readonly<Record<string, string>> = { l1: 'Roller', l2: 'Belt', n1: 'Dana' };
const describing = { rowName: (_root: string, row: string) => NAMES[row] ?? null, locale: 'en-GB' };

test('rows as rows, cells with both values, texts by their note', () => {
  const found = differencesOf(
    diffOf({
      rows: [{ kind: 'removed', root: 'lineItems', row: 'l2', change: byDana }],
      cells: [
        cellDiff('lineItems/l2/name', ['Belt', 'Old belt']),
        cellDiff('lineItems/l2/removed', [null, true]),
        cellDiff('lineItems/l1/discountPercent', ['10', '12']),
        cellDiff('lineItems/l9/quantity', ['1', '2'], false),
        cellDiff('fields/customer', [null, 'Acme']),
      ],
      notes: [{ note: 'n1', before: 'a', after: 'b', change: byDana }],
    }),
    describing,
  );
  expect(found.map(({ text, values, cell }) => [text, values, cell])).toEqual([
    ['Removed Belt', null, 'lineItems/l2/name'],
    ['Discount of Roller', { before: '10 %', after: '12 %' }, 'lineItems/l1/discountPercent'],
    ['Customer', { before: 'empty', after: 'Acme' }, null],
    ['Text of the note by Dana', null, null],
  ]);
});

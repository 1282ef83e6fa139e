// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import type { Verdict } from '../../../src/client/connect-quote.ts';
import { createKeptVerdicts } from '../../../src/web/room/kept-verdicts.ts';
import { createMarks } from '../../../src/web/room/marks.ts';
import { openGrid } from '../grid/open-grid.ts';

beforeEach(() => sessionStorage.clear());

const keptOf = (user = 'rita') => createKeptVerdicts(sessionStorage, { user, quoteId: 'q' });

const overridden: Verdict = {
  kind: 'overridden',
  revision: 7,
  at: 0,
  cell: 'fields/title',
  by: { id: 'dana', name: 'Dana', role: 'vp_sales' },
  kept: 'Hers',
  yours: 'Mine',
};
const refused: Verdict = {
  kind: 'refused',
  revision: 8,
  at: 0,
  cell: 'lineItems/l1/discountPercent',
  reason: 'not_permitted',
  kept: null,
  offered: '99',
};

test('what was not dismissed is there when the room is opened again', () => {
  const { quote } = openGrid([]);
  keptOf().write([overridden, refused]);
  const marks = createMarks(quote, keptOf());
  expect(marks.cells()).toEqual([overridden.cell, refused.cell]);
  expect(marks.verdictOn(overridden.cell)).toEqual(overridden);
  marks.dismiss(overridden.cell);
  marks.close();
  expect(createMarks(quote, keptOf()).cells()).toEqual([refused.cell]);
});

test('each person has their own, and nothing is left once all are dismissed', () => {
  keptOf().write([refused]);
  expect(keptOf('dana').read()).toEqual([]);
  keptOf().write([]);
  expect(sessionStorage).toHaveLength(0);
});

test('it keeps the newest hundred', () => {
  const many = Array.from({ length: 120 }, (_, at) => ({ ...overridden, cell: `fields/x_${at}` }));
  keptOf().write(many);
  expect(keptOf().read()).toEqual(many.slice(20));
});

test('what another version of the page left is no reason to fail', () => {
  keptOf().write([refused]);
  const key = sessionStorage.key(0) ?? '';
  for (const text of ['{', '[{"kind":"refused"}]']) {
    sessionStorage.setItem(key, text);
    expect(keptOf().read()).toEqual([]);
  }
});

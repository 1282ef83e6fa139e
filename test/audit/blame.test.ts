import { describe, expect, test } from 'vitest';
import { type Blame, blameQuote } from '../../src/audit/blame.ts';
import { parseCellFilter } from '../../src/audit/cell-filter.ts';
import { present } from '../../src/lib/assert.ts';
import { playSession, playUpgrade, record } from '../support/recorded-quote.ts';
import { createStar, policyOf } from '../support/star.ts';
import { memoryLogOf } from '../support/store-recorded.ts';

const recorded = record(playSession());
const last = recorded.entries.length;

async function blame(cells?: string, at = last): Promise<Blame> {
  const filter = cells === undefined ? undefined : parseCellFilter(cells);
  return blameQuote(await memoryLogOf(recorded), recorded.quote, {
    at,
    cells: filter?.ok === true ? filter.value : undefined,
  });
}

async function blamedCell(cell: string, at?: number): Promise<Blame['cells'][number]> {
  const { cells } = await blame(cell, at);
  return present(cells[0], `${cell} was written`);
}

describe('a minute of work', () => {
  test('all that the quote shows, in its order, with who set it', async () => {
    const { quote, revision, cells, notes } = await blame();
    expect({ quote, revision }).toEqual({ quote: 'q1', revision: last });
    expect(cells.map(({ cell, value, set }) => [cell, value, set?.user])).toEqual([
      ['fields/title', 'Bolts for ACME', 'max'],
      ['fields/currency', 'EUR', 'rita'],
      ['lineItems/l1/position', 'a0', 'rita'],
      ['lineItems/l1/quantity', '3', 'rita'],
      ['lineItems/l1/unitPrice', '10.00', 'rita'],
      ['lineItems/l1/discountPercent', '15', 'max'],
      ['discounts/d1/position', 'a0', 'max'],
      ['discounts/d1/value', '5', 'max'],
      ['notes/n1/position', 'a0', 'rita'],
    ]);
    expect(notes).toMatchObject([{ note: 'n1', changed: { user: 'rita', role: 'sales_rep' }, outvoted: [] }]);
  });

  test('the one whose write was refused for another is outvoted', async () => {
    expect(await blamedCell('fields/title')).toMatchObject({
      set: { seq: 2, user: 'max', role: 'sales_manager', origin: 'browser' },
      before: 'Bolts',
      outvoted: [
        { seq: 3, user: 'rita', verdict: 'refused', reason: 'authority_overridden', offered: 'Nuts' },
      ],
      outvotedCount: 1,
    });
    // What was over a limit before the cell came to somebody else is no concern of the one who has it.
    expect(await blamedCell('lineItems/l1/discountPercent')).toMatchObject({ before: null, outvoted: [] });
    expect(await blamedCell('lineItems/l1/discountPercent', 4)).toMatchObject({
      value: null,
      set: null,
      outvoted: [{ user: 'rita', reason: 'not_permitted', offered: '50' }],
    });
  });

  test('a cell that somebody wanted in vain, and that is empty, is told when it is asked for', async () => {
    expect(await blamedCell('fields/customer')).toMatchObject({
      value: null,
      set: null,
      before: null,
      outvoted: [{ user: 'rita', reason: 'authority_overridden', offered: 'ACME' }],
    });
  });

  test('what a cell was before it was emptied', async () => {
    expect(await blamedCell('lineItems/l1/quantity', last - 1)).toMatchObject({ value: null, before: '2' });
    expect(await blamedCell('lineItems/l1/quantity')).toMatchObject({ value: '3', before: null });
  });

  test('as it was after an earlier entry', async () => {
    const { revision, cells, notes } = await blame(undefined, 1);
    expect(revision).toBe(1);
    expect(cells.every(({ set }) => set?.seq === 1)).toBe(true);
    expect(cells.map(({ cell }) => cell)).not.toContain('discounts/d1/value');
    expect(notes).toEqual([]);
  });

  test('only what was asked for', async () => {
    expect((await blame('lineItems/*/quantity')).cells.map(({ cell }) => cell)).toEqual([
      'lineItems/l1/quantity',
    ]);
    expect(await blame('fields/nothing')).toMatchObject({ cells: [], notes: [] });
    expect((await blame('note')).notes).toHaveLength(1);
  });
});

test('a write that a higher role overwrote unseen is outvoted, one that was seen is not', async () => {
  const star = createStar({ policy: policyOf() });
  const rep = star.join({ user: 'rita', role: 'sales_rep', clientId: 11 });
  const manager = star.join({ user: 'max', role: 'sales_manager', clientId: 12 });
  rep.doc.getMap('fields').set('customer', 'seen');
  star.settle();
  manager.doc.getMap('fields').set('title', 'Bolts');
  manager.doc.getMap('fields').set('customer', 'ACME');
  rep.doc.getMap('fields').set('title', 'Nuts');
  star.up(rep);
  star.settle();
  const met = record(star);
  const { cells } = await blameQuote(await memoryLogOf(met), met.quote, { at: met.entries.length });
  const outvoted = Object.fromEntries(cells.map((one) => [one.cell, one.outvoted]));
  expect(outvoted['fields/title']).toMatchObject([{ user: 'rita', verdict: 'overridden', offered: 'Nuts' }]);
  expect(outvoted['fields/title']?.[0]).not.toHaveProperty('reason');
  expect(outvoted['fields/customer']).toEqual([]);
});

test('equals who met: the one who was held, until somebody chose', async () => {
  const met = record(playUpgrade());
  const log = await memoryLogOf(met);
  const chosen = present(
    met.entries.find(({ kind }) => kind === 'settle'),
    'somebody chose',
  );
  const titleAfter = async (at: number) => {
    const { cells } = await blameQuote(log, met.quote, { at });
    return cells.find(({ cell }) => cell === 'fields/title');
  };
  const before = await titleAfter(chosen.seq - 1);
  expect(before?.outvoted).not.toEqual([]);
  expect(before?.outvoted.every(({ user, verdict }) => user === 'bob' && verdict === 'held')).toBe(true);
  expect(await titleAfter(chosen.seq)).toMatchObject({
    value: 'Both',
    set: { user: 'ann', seq: chosen.seq },
  });
});

test('an entry that is missing is named', async () => {
  const cut = { ...recorded, entries: recorded.entries };
  const log = await memoryLogOf(cut);
  const holed = {
    ...log,
    entries: async (...args: Parameters<typeof log.entries>) =>
      (await log.entries(...args)).filter(({ seq }) => seq !== 3),
  };
  await expect(blameQuote(holed, recorded.quote, { at: last })).rejects.toMatchObject({
    code: 'log_corrupt',
    message: expect.stringContaining('entry 3 of quote q1 is missing: "quoteroom audit verify"'),
  });
});

test('a removed row is not on the quote, nor is what says that it was removed', async () => {
  const star = createStar({ policy: policyOf() });
  const rep = star.join({ user: 'rita', role: 'sales_rep', clientId: 11 });
  rep.doc.getMap('fields').set('title', 'Bolts');
  rep.doc.getMap('lineItems').set('l1/position', 'a0');
  rep.doc.getMap('lineItems').set('l1/removed', true);
  star.settle();
  const met = record(star);
  const { cells } = await blameQuote(await memoryLogOf(met), met.quote, { at: met.entries.length });
  expect(cells.map(({ cell }) => cell)).toEqual(['fields/title']);
});

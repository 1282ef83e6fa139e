import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WriteVerdict } from '../../src/authority/verdict.ts';
import type { CellId } from '../../src/lib/ids.ts';
import type { Entry } from '../../src/log/log.ts';
import type { Snapshot } from '../../src/quote/snapshot.ts';
import {
  type EditTally,
  addEntry,
  emptyTally,
  isEmptyTally,
  parseTally,
  summarize,
} from '../../src/slack/edit-tally.ts';

type Told = Pick<Entry, 'writes' | 'merged'>;

const MERGED = new Uint8Array([1]);

const write = (cell: string, verdict: WriteVerdict['verdict'] = 'accepted'): WriteVerdict => ({
  cell: cell as CellId,
  ...{ operation: 'update', before: null, offered: '1', applied: '1', verdict },
  ...{ reason: verdict === 'accepted' ? null : 'locked', by: null },
});

const entry = (...cells: readonly string[]): Told => ({
  writes: cells.map((cell) => write(cell)),
  merged: MERGED,
});
/** Typed into a note: it leaves no rows. */
const text: Told = { writes: [], merged: MERGED };
const nothing: Told = { writes: [], merged: null };

const snapshot: Snapshot = {
  fields: {},
  lineItems: ['l1', 'l2', 'l3'].map((id) => ({ id, cells: {} })),
  discounts: [{ id: 'd1', cells: {} }],
  notes: [{ id: 'n1', cells: {}, text: '' }],
};

const tallyOf = (entries: readonly Told[]): EditTally => entries.reduce(addEntry, emptyTally('10.00 EUR'));
const summaryOf = (entries: readonly Told[]): ReturnType<typeof summarize> =>
  summarize(tallyOf(entries), { name: 'Alice', snapshot });

describe('a tally of edits', () => {
  const none = { lines: 0, discounts: 0, notes: 0, fields: [] as string[], only: null as string | null };

  it.each<readonly [string, readonly Told[], Partial<typeof none>]>([
    ['names the one cell', [entry('lineItems/l3/discountPercent')], { lines: 1, only: 'Discount of Line 3' }],
    [
      'names it, however often it was written',
      [entry('fields/title'), entry('fields/title')],
      { fields: ['Title'], only: 'Title' },
    ],
    [
      'counts rows, not cells',
      [entry('lineItems/l1/name', 'lineItems/l1/quantity', 'lineItems/l2/name'), entry('lineItems/l2/unit')],
      { lines: 2 },
    ],
    [
      'keeps kinds apart',
      [entry('lineItems/x/name', 'discounts/x/label', 'notes/x/audience', 'fields/title')],
      { lines: 1, discounts: 1, notes: 1, fields: ['Title'] },
    ],
    [
      'names many fields',
      [entry('fields/title', 'fields/owner', 'fields/x_delivery_time')],
      {
        fields: ['Title', 'Owner', 'Delivery time'],
      },
    ],
    [
      'says what became of a row: removed',
      [entry('lineItems/l9/removed')],
      { lines: 1, only: 'a line removed' },
    ],
    ['or restored', [entry('lineItems/l2/removed')], { lines: 1, only: 'Line 2 restored' }],
    ['of a discount, too', [entry('discounts/d9/removed')], { discounts: 1, only: 'a discount removed' }],
    ['or moved, or added: that is one line', [entry('lineItems/l2/position')], { lines: 1 }],
    ['counts text of a note as one note', [text, text], { notes: 1 }],
    ['and not again beside the note it belongs to', [entry('notes/n1/position'), text], { notes: 1 }],
    ['or its body, where the log names it', [entry('note/n1', 'notes/n1/audience')], { notes: 1 }],
    ['counts two notes as two', [entry('notes/n1/position'), text, entry('notes/n2/position')], { notes: 2 }],
    ['names no cell beside text', [entry('fields/title'), text], { notes: 1, fields: ['Title'] }],
    ['names no cell of a note', [entry('notes/n1/audience')], { notes: 1 }],
  ])('%s', (_, entries, counts) => {
    const { lines, discounts, notes, fields, only } = summaryOf(entries);
    expect({ lines, discounts, notes, fields, only }).toEqual({ ...none, ...counts });
  });

  it('has only what stood', () => {
    const refused: Told = {
      writes: [write('lineItems/l1/name', 'refused'), write('fields/title', 'held')],
      merged: MERGED,
    };
    expect(isEmptyTally(tallyOf([refused, nothing]))).toBe(true);
    expect(isEmptyTally(tallyOf([refused, entry('fields/title')]))).toBe(false);
    expect(isEmptyTally(tallyOf([text]))).toBe(false);
  });

  it('keeps the totals that it is given', () => {
    const tally = { ...tallyOf([entry('fields/title')]), totalAfter: '12.00 EUR' };
    const { name, totalBefore, totalAfter } = summarize(addEntry(tally, text), { name: 'Alice', snapshot });
    expect({ name, totalBefore, totalAfter }).toEqual({
      ...{ name: 'Alice', totalBefore: '10.00 EUR', totalAfter: '12.00 EUR' },
    });
  });

  it('is as quick to count 2,000 lines at once as anything', () => {
    const cells = Array.from({ length: 2_000 }, (_, row) =>
      ['position', 'name', 'quantity', 'unit', 'unitPrice'].map((column) => `lineItems/r${row}/${column}`),
    );
    expect(summaryOf([entry(...cells.flat())])).toMatchObject({ lines: 2_000, only: null });
  });
});

describe('whatever comes in', () => {
  const id = fc.constantFrom('l1', 'l2', 'l3', 'x9');
  const cell = fc.oneof(
    fc.constantFrom('fields/title', 'fields/owner', 'fields/x_a', 'note/n1'),
    fc
      .tuple(
        fc.constantFrom('lineItems', 'discounts', 'notes'),
        id,
        fc.constantFrom('removed', 'label', 'position'),
      )
      .map((parts) => parts.join('/')),
  );
  const told = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .array(
          fc.tuple(cell, fc.constantFrom<WriteVerdict['verdict']>('accepted', 'accepted', 'refused', 'held')),
          { minLength: 1, maxLength: 5 },
        )
        .map((writes): Told => ({
          writes: writes.map(([to, verdict]) => write(to, verdict)),
          merged: MERGED,
        })),
    },
    fc.constantFrom(text, nothing),
  );
  const entries = fc.array(told, { maxLength: 8 });
  const sorted = (summary: ReturnType<typeof summarize>): unknown => ({
    ...summary,
    fields: summary.fields.toSorted(),
  });

  it('counts the same in any order', () => {
    fc.assert(
      fc.property(
        entries.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(sorted(summaryOf(shuffled))).toEqual(sorted(summaryOf(all)));
        },
      ),
    );
  });

  it('counts the same where the tally was put away in between', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const kept = all.reduce(
          (tally, next) => addEntry(parseTally(JSON.stringify(tally)), next),
          emptyTally('10.00 EUR'),
        );
        expect(kept).toEqual(tallyOf(all));
      }),
    );
  });

  it('counts nothing twice', () => {
    fc.assert(
      fc.property(entries, (all) => {
        expect(summaryOf([...all, ...all])).toEqual(summaryOf(all));
      }),
    );
  });

  it('names a cell only where nothing else was changed', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const { lines, discounts, notes, fields, only } = summaryOf(all);
        if (only !== null) expect(lines + discounts + notes + fields.length).toBe(1);
      }),
    );
  });
});

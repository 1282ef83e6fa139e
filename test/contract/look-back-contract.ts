import { beforeEach, describe, expect, test } from 'vitest';
import type { LookBack } from '../../src/audit/look-back.ts';
import { readDocumentAt } from '../../src/log/document-at.ts';
import type { Log } from '../../src/log/log.ts';
import { readSnapshot } from '../../src/quote/snapshot.ts';
import { present } from '../../src/lib/assert.ts';
import { playSession, record } from '../support/recorded-quote.ts';
import { memoryLogOf } from '../support/store-recorded.ts';

const recorded = record(playSession());
const { quote } = recorded;
const last = recorded.entries.length;

/** By whom and when an entry of that session is, as answers tell it. */
const changeIn = (seq: number, user: string, role: string) => ({
  ...{ seq, at: 1_700_000_000_000 + seq * 1_000 },
  ...{ user, role, origin: 'browser' },
});
const ritaIn = (seq: number) => changeIn(seq, 'rita', 'sales_rep');
const maxIn = (seq: number) => changeIn(seq, 'max', 'sales_manager');

/** What every way to look back gives of the session of `playSession`, over which a head was signed. */
export function describeLookBackContract(name: string, create: () => Promise<LookBack>): void {
  describe(`looking back: ${name}`, () => {
    let lookBack: LookBack;
    let log: Log;

    beforeEach(async () => {
      lookBack = await create();
      log = await memoryLogOf(recorded);
    });

    test('blame, of all and of some cells', async () => {
      const all = await lookBack.blame(quote, { at: last });
      expect(all).toMatchObject({ quote, revision: last });
      expect(all.cells.map(({ cell, value, before, set }) => [cell, value, before, set?.seq])).toEqual([
        ['fields/title', 'Bolts for ACME', 'Bolts', 2],
        ['fields/currency', 'EUR', null, 1],
        ['lineItems/l1/position', 'a0', null, 1],
        ['lineItems/l1/quantity', '3', null, 10],
        ['lineItems/l1/unitPrice', '10.00', null, 1],
        ['lineItems/l1/discountPercent', '15', null, 5],
        ['discounts/d1/position', 'a0', null, 5],
        ['discounts/d1/value', '5', null, 5],
        ['notes/n1/position', 'a0', null, 7],
      ]);
      const lost = { ...ritaIn(3), verdict: 'refused', reason: 'authority_overridden', offered: 'Nuts' };
      expect(all.cells[0]).toEqual({
        ...{ cell: 'fields/title', value: 'Bolts for ACME', before: 'Bolts' },
        ...{ set: maxIn(2), outvoted: [lost], outvotedCount: 1 },
      });
      expect(all.notes).toEqual([{ note: 'n1', changed: ritaIn(6), outvoted: [], outvotedCount: 0 }]);

      expect(await lookBack.blame(quote, { at: 3, cells: 'lineItems/*/quantity' })).toEqual({
        ...{ quote, revision: 3, notes: [] },
        cells: [
          {
            ...{ cell: 'lineItems/l1/quantity', value: '2', before: null },
            ...{ set: ritaIn(1), outvoted: [], outvotedCount: 0 },
          },
        ],
      });
    });

    test('diff', async () => {
      const all = await lookBack.diff(quote, { from: 0, to: last });
      expect(all.cells.map(({ cell, after, change }) => [cell, after, change.seq])).toEqual([
        ['fields/title', 'Bolts for ACME', 2],
        ['fields/currency', 'EUR', 1],
        ['lineItems/l1/position', 'a0', 1],
        ['lineItems/l1/quantity', '3', 10],
        ['lineItems/l1/unitPrice', '10.00', 1],
        ['lineItems/l1/discountPercent', '15', 5],
        ['discounts/d1/position', 'a0', 5],
        ['discounts/d1/value', '5', 5],
        ['notes/n1/position', 'a0', 7],
      ]);
      expect(all.rows.map(({ kind, root, row }) => [kind, root, row])).toEqual([
        ['added', 'lineItems', 'l1'],
        ['added', 'discounts', 'd1'],
        ['added', 'notes', 'n1'],
      ]);
      expect(all.notes).toEqual([{ note: 'n1', before: '', after: 'call them', change: ritaIn(6) }]);

      const byMax = { before: null, change: maxIn(5), isSeen: true };
      expect(await lookBack.diff(quote, { from: 2, to: 5 })).toEqual({
        ...{ quote, from: 2, to: 5 },
        cells: [
          { ...byMax, cell: 'lineItems/l1/discountPercent', after: '15' },
          { ...byMax, cell: 'discounts/d1/position', after: 'a0' },
          { ...byMax, cell: 'discounts/d1/value', after: '5' },
        ],
        rows: [{ kind: 'added', root: 'discounts', row: 'd1', change: maxIn(5) }],
        notes: [],
      });
    });

    test('the quote as it was, forwards and backwards', async () => {
      for (const at of [1, 2, last, 3, 5, 4]) {
        const doc = present(await readDocumentAt(log, quote, at), `entry ${at} is there`);
        for (const removed of [true, false]) {
          expect(await lookBack.snapshotAt(quote, { at, removed })).toEqual(readSnapshot(doc, { removed }));
        }
      }
    });

    test('the points of its life, a page at a time', async () => {
      const first = await lookBack.timeline(quote, { after: 0, to: last, limit: 3 });
      expect(first).toMatchObject({ quote, people: ['rita', 'max'], next: 3 });
      expect(first.points.map(({ seq, person, writes, refused }) => [seq, person, writes, refused])).toEqual([
        [1, 0, 5, 0],
        [2, 1, 1, 0],
        [3, 0, 0, 1],
      ]);
      const rest = await lookBack.timeline(quote, { after: 3, to: last, limit: 1_000 });
      expect(rest.points.map(({ seq }) => seq)).toEqual(recorded.entries.slice(3).map(({ seq }) => seq));
      expect(rest).not.toHaveProperty('next');
      const end = await lookBack.timeline(quote, { after: last, to: last, limit: 10 });
      expect(end).toEqual({ quote, people: [], points: [] });
    });

    test('whether the log is sound, and which head vouches for it', async () => {
      expect(await lookBack.verify(quote)).toEqual({ quote, entries: last, ok: true, problems: [] });
      expect(await lookBack.vouching(quote)).toEqual({
        head: { n: 1, at: 5_000, keyId: expect.stringMatching(/^[0-9a-f]{8}$/), covers: last },
        problem: null,
      });
      expect(await lookBack.vouching('q9' as typeof quote)).toEqual({ head: null, problem: null });
    });

    test('several questions at once, each with its own answer', async () => {
      const points = [5, 1, 4, 2, 3];
      const diffs = await Promise.all(points.map((to) => lookBack.diff(quote, { from: 0, to })));
      expect(diffs.map(({ to }) => to)).toEqual(points);
      const snapshots = await Promise.all(
        points.map((at) => lookBack.snapshotAt(quote, { at, removed: true })),
      );
      for (const [index, at] of points.entries()) {
        const doc = present(await readDocumentAt(log, quote, at), `entry ${at} is there`);
        expect(snapshots[index]).toEqual(readSnapshot(doc, { removed: true }));
      }
    });

    test('an entry that is not there is a fault', async () => {
      await expect(lookBack.diff(quote, { from: 0, to: last + 1 })).rejects.toMatchObject({
        code: 'log_corrupt',
      });
    });
  });
}

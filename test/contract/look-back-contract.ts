import { beforeEach, describe, expect, test } from 'vitest';
import { blameQuote } from '../../src/audit/blame.ts';
import { parseCellFilter } from '../../src/audit/cell-filter.ts';
import { diffQuote } from '../../src/audit/diff.ts';
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
      expect(await lookBack.blame(quote, { at: last })).toEqual(await blameQuote(log, quote, { at: last }));
      const filter = parseCellFilter('lineItems/*/quantity');
      expect(await lookBack.blame(quote, { at: 3, cells: 'lineItems/*/quantity' })).toEqual(
        await blameQuote(log, quote, { at: 3, cells: filter.ok ? filter.value : undefined }),
      );
    });

    test('diff', async () => {
      for (const range of [
        { from: 0, to: last },
        { from: 2, to: 5 },
      ]) {
        expect(await lookBack.diff(quote, range)).toEqual(await diffQuote(log, quote, range));
      }
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

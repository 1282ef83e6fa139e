import { expect, test } from 'vitest';
import { replayQuote } from '../../src/audit/replay.ts';
import { present } from '../../src/lib/assert.ts';
import type { QuoteId } from '../../src/lib/ids.ts';
import { priceQuote } from '../../src/quote/pricing.ts';
import { readSnapshot } from '../../src/quote/snapshot.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { type Recorded, logOf, playSession, record } from '../support/recorded-quote.ts';

const change = (recorded: Recorded, seq: number, changed: object): void => {
  recorded.entries = recorded.entries.map((entry) => (entry.seq === seq ? { ...entry, ...changed } : entry));
};

test('a replay leads to what the room showed, with the totals and the hash of the last entry', async () => {
  const star = playSession();
  const recorded = record(star);
  const last = present(recorded.entries.at(-1), 'there are entries');
  const replay = await replayQuote(logOf(recorded), recorded.quote);
  expect(replay).toEqual({
    quote: 'q1',
    ok: true,
    revision: last.seq,
    at: last.at,
    hash: Buffer.from(last.hash).toString('hex'),
    difference: null,
    snapshot: readSnapshot(star.gate.doc),
    totals: priceQuote(readSnapshot(star.gate.doc)),
  });
  // 3 x 10.00, less 15 % on the line, less 5 % on the quote.
  expect(replay.totals).toMatchObject({ subtotal: '25.50', total: '24.22', currency: 'EUR' });
});

test('a replay up to an entry shows the quote as it was then', async () => {
  const recorded = record(playSession());
  const first = await replayQuote(logOf(recorded), recorded.quote, { to: 1 });
  expect(first).toMatchObject({ ok: true, revision: 1, totals: { total: '20.00' } });
  expect(first.snapshot.fields['title']).toBe('Bolts');
  const nothing = await replayQuote(logOf(recorded), recorded.quote, { to: 0 });
  expect(nothing).toMatchObject({ ok: true, revision: 0, at: null, hash: null, totals: { total: '0.00' } });
});

test('the first difference is named with both sides, and the quote is shown as it stood before', async () => {
  const recorded = record(playSession());
  const isRefused = (one: Recorded['entries'][number]): boolean =>
    one.writes.some(({ reason }) => reason === 'not_permitted');
  const refused = present(recorded.entries.find(isRefused), 'somebody went over a limit');
  const rows = refused.writes.map((row) => ({ ...row, verdict: 'accepted', reason: null }));
  const hash = present(recorded.entries[0], 'there are entries').hash;
  change(recorded, refused.seq, { writes: rows });
  change(recorded, refused.seq + 1, { hash });
  const replay = await replayQuote(logOf(recorded), recorded.quote);
  expect(replay).toMatchObject({
    ok: false,
    revision: refused.seq - 1,
    difference: { seq: refused.seq, kind: 'hash' },
  });
  expect(replay.totals).toEqual(
    (await replayQuote(logOf(recorded), recorded.quote, { to: refused.seq - 1 })).totals,
  );
});

test.each([
  ['the end', () => undefined],
  ['a difference', (recorded: Recorded) => change(recorded, 3, { at: 0 })],
])('whoever shows how far it is is told that it is done, at %s too', async (_where, damage) => {
  const recorded = record(playSession());
  damage(recorded);
  const told: unknown[] = [];
  await replayQuote(logOf(recorded), recorded.quote, { onProgress: (progress) => told.push(progress) });
  expect(told).toEqual([{ done: 10, of: 10 }]);
});

test('a quote that nobody knows has no entries', async () => {
  expect(await replayQuote(createMemoryLog(), 'nobody' as QuoteId)).toMatchObject({ ok: true, revision: 0 });
});

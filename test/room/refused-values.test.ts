import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createCheckpoint } from '../../src/log/checkpoint.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { type Peer, eventsOf } from '../support/room-peer.ts';

/** Every value is written once and can be told from all others, so that it is found wherever it turns up. */
const canary = (number: number): string => `CANARY-${number}-`;

const people = [
  { user: 'rep', role: 'sales_rep', permission: 'editor' },
  { user: 'vp', role: 'vp_sales', permission: 'editor' },
  { user: 'eye', role: 'admin', permission: 'viewer' },
] as const;

const CELLS = [
  ['fields', 'title'],
  ['fields', 'status'],
  ['fields', '__proto__'],
  ['lineItems', 'l1/name'],
  ['lineItems', 'l1/quantity'],
  ['lineItems', 'l1/nonsense'],
  ['lineItems', 'l1/position'],
  ['discounts', 'd1/label'],
  ['note', 'n1'],
] as const;

const arbitraryAction = fc.record({
  who: fc.nat(people.length - 1),
  cell: fc.constantFrom(...CELLS),
  wraps: fc.boolean(),
  settles: fc.boolean(),
});

function write({ doc }: Peer, [root, key]: (typeof CELLS)[number], value: unknown): void {
  if (root !== 'note') doc.getMap(root).set(key, value);
  else doc.getText(`note/${key}`).insert(0, String(value));
}

test('[R53] a refused value is in nothing that reaches anyone else or stays, only in the log’s record of the attempt', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryAction, { minLength: 1, maxLength: 25 }), async (actions) => {
      const harness = await createRoomHarness({
        cells: { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' },
        limits: { viewerRefusalsPerMinute: 1_000, refusalsPerMinute: 1_000 },
      });
      const peers: Peer[] = [];
      for (const person of people) peers.push(await harness.join({ ...person, events: true }));
      const authors: Peer[] = [];
      for (const { who, cell, wraps, settles } of actions) {
        const peer = peers[who];
        if (peer === undefined) throw new Error('one of the three');
        const text = canary(authors.push(peer) - 1);
        write(peer, cell, wraps && cell[0] !== 'note' ? { deep: [text] } : text);
        if (settles) await harness.settle();
      }
      await harness.settle();
      const late = await harness.join({ user: 'late', role: 'sales_rep', events: true });
      const room = await harness.room();
      const kept = room.gate.doc;
      const { state, snapshot, memory } = createCheckpoint(harness.quote, room.gate);
      const entries = await harness.log.entries(harness.quote, { after: 0, limit: 1_000 });
      const summary = JSON.stringify(await harness.log.summary(harness.quote));

      for (const [number, author] of authors.entries()) {
        const secret = canary(number);
        const attempt = entries.find(({ received }) => holds(received, secret));
        expect(attempt, 'the log has the attempt').toBeDefined();
        const isRefused = !attempt?.writes.some(
          ({ offered, verdict }) => verdict === 'accepted' && JSON.stringify(offered).includes(secret),
        );
        const isText = attempt?.merged !== null && holds(attempt?.merged ?? new Uint8Array(), secret);
        if (!isRefused || isText) continue;
        for (const other of [...peers, late]) {
          if (other === author) continue;
          expect(other.received.some((frame) => holds(frame, secret))).toBe(false);
        }
        expect(entries.some(({ merged }) => merged !== null && holds(merged, secret))).toBe(false);
        for (const bytes of [
          Y.encodeStateAsUpdate(kept),
          inflateSync(state),
          Buffer.from(snapshot),
          inflateSync(memory),
        ]) {
          expect(holds(bytes, secret)).toBe(false);
        }
        expect(summary).not.toContain(secret);
        // Its author is told, and sees it no more. Of text the log keeps only the bytes.
        const told = JSON.stringify(eventsOf(author, 'refused'));
        expect(told).toContain(attempt?.writes.some(({ cell }) => cell === 'note/n1') ? 'note/n1' : secret);
        expect(holds(Y.encodeStateAsUpdate(author.doc), secret)).toBe(false);
      }
    }),
    { numRuns: 80 },
  );
}, 60_000);

const holds = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text);

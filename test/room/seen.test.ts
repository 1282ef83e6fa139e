import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import { type Peer, eventsOf } from '../support/room-peer.ts';

/** What counts as seen, for what an author does to a row: a removal meets whatever happened in it. */

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const remove = ({ doc }: Peer): void => void doc.getMap('lineItems').set('l1/removed', true);
const isRemoved = ({ doc }: Peer): boolean => doc.getMap('lineItems').get('l1/removed') === true;

async function repAndVp(): Promise<{ harness: RoomHarness; rep: Peer; vp: Peer }> {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep', events: true });
  const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
  return { harness, rep, vp };
}

test('[R18] a newcomer has seen what the server’s step 2 showed it, once it answers the ping behind it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep', events: true });
  remove(rep);
  await harness.settle();
  expect(isRemoved(rep)).toBe(true);
  expect(eventsOf(rep, 'refused')).toEqual([]);
});

test('[R18] what is under way to an author is not seen', async () => {
  const { harness, rep, vp } = await repAndVp();
  rep.isStalled = true;
  vp.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  remove(rep);
  rep.isStalled = false;
  await harness.settle();
  expect(isRemoved(rep)).toBe(false);
  expect(eventsOf(rep, 'refused')).toMatchObject([
    { writes: [{ reason: 'authority_overridden', by: { id: 'vp' } }] },
  ]);
});

test('[R18] an answered ping says that all before it was seen', async () => {
  const { harness, rep, vp } = await repAndVp();
  harness.advance(1_000);
  vp.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  remove(rep);
  await harness.settle();
  expect(isRemoved(rep)).toBe(true);
});

test('[R18] a ping is asked again within a second where one was on its way, so that nobody stays behind', async () => {
  const { harness, rep, vp } = await repAndVp();
  harness.advance(1_000);
  // Faster than pings may follow each other.
  for (const name of ['Nut', 'Screw', 'Nail']) {
    vp.doc.getMap('lineItems').set('l1/name', name);
    await harness.settle();
  }
  await harness.pass(1_000);
  remove(rep);
  await harness.settle();
  expect(isRemoved(rep)).toBe(true);
});

test('[R19] one ping is on its way at a time, and only its own number answers it', async () => {
  const { harness, rep, vp } = await repAndVp();
  harness.advance(1_000);
  rep.isStalled = true;
  for (let round = 0; round < 20; round++) {
    vp.doc.getMap('lineItems').set('l1/name', `Nut ${round}`);
    harness.advance(1_000);
    await harness.settle();
  }
  expect(rep.pings.length).toBe(1);
  // Somebody who answers what was never asked has seen nothing by it.
  for (const revision of [21, 1_000, Number.NaN, -1]) rep.connection.ponged(revision);
  remove(rep);
  rep.isStalled = false;
  await harness.settle();
  expect(isRemoved(rep)).toBe(false);
});

test('[R19] a ping follows what it asks about: its answer counts though the frames were read long before', async () => {
  const { harness, rep, vp } = await repAndVp();
  harness.advance(1_000);
  vp.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.turn();
  // Read, but the answer is still on its way.
  const [asked] = rep.pings.splice(0);
  rep.read();
  expect(rep.doc.getMap('lineItems').get('l1/name')).toBe('Nut');
  const other = Y.encodeStateVector(rep.doc);
  expect(other).toEqual(Y.encodeStateVector((await harness.room()).gate.doc));
  remove(rep);
  await harness.settle();
  // Safe side: without the answer it may not have been seen.
  expect(isRemoved(rep)).toBe(false);
  rep.connection.ponged(asked ?? 0);
  await harness.settle();
  remove(rep);
  await harness.settle();
  expect(isRemoved(rep)).toBe(true);
});

test('[R18] what an edit stands on was seen, and all that came before it', async () => {
  const { harness, rep, vp } = await repAndVp();
  harness.advance(1_000);
  vp.doc.getMap('lineItems').set('l1/quantity', '3');
  vp.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.turn();
  // Read, but the answer to the ping is lost.
  rep.pings.length = 0;
  rep.read();
  rep.doc.getMap('lineItems').set('l1/name', 'Screw');
  remove(rep);
  await harness.settle();
  expect(isRemoved(rep)).toBe(true);
});

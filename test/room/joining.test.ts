import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createRoomHarness } from '../support/room-harness.ts';
import { eventsOf, kindOf } from '../support/room-peer.ts';
import { encodeStep1, encodeStep2 } from '../../src/wire/frames.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };

test('[R9] a newcomer is asked at once, and sent nothing of the quote before its own step 2 is settled', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const bob = await harness.enter({ user: 'bob', role: 'sales_rep' });
  expect(bob.inbox.map(kindOf)).toEqual(['step1']);
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.turn();
  expect(bob.inbox.map(kindOf)).toEqual(['step1']);
  await harness.settle();
  expect(bob.received.map(kindOf).slice(0, 3)).toEqual(['step1', 'step2', 'presence']);
  expect(bob.doc.getMap('lineItems').get('l1/quantity')).toBe('3');
});

test('[R9] an edit that comes before the step 2 does not stand for it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.enter({ user: 'ada', role: 'sales_rep', events: true });
  ada.isStalled = true;
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  // The greeting, the session, its conflicts, and that the edit is durable; no quote.
  expect(ada.inbox.map(kindOf)).toEqual(['event', 'step1', 'event', 'event', 'event']);
  expect((await harness.log.head(harness.quote))?.seq).toBe(2);
  ada.isStalled = false;
  await harness.settle();
  expect(ada.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
});

test('[R9] what a newcomer wrote offline is judged by what its step 1 covers', async () => {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep', events: true });
  const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
  rep.disconnect();
  vp.doc.getMap('lineItems').set('l1/name', 'Nut');
  rep.doc.getMap('lineItems').set('l1/removed', true);
  await harness.settle();
  const again = await harness.rejoin(rep);
  expect(again.doc.getMap('lineItems').get('l1/removed')).toBeUndefined();
  expect(eventsOf(again, 'refused')).toMatchObject([
    { writes: [{ cell: 'lineItems/l1/removed', by: { id: 'vp' } }] },
  ]);
});

test('[R9] nobody is sent back what they offered', async () => {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep' });
  rep.disconnect();
  rep.doc.getMap('lineItems').set('l1/description', 'x'.repeat(5_000));
  const again = await harness.rejoin(rep);
  const answers = again.received.filter((frame) => kindOf(frame) === 'step2');
  expect(answers.map(({ length }) => length)).toEqual([expect.toSatisfy((length) => length < 1_000)]);
});

test('[R10] a newcomer without a step 2 is answered after 5 s', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const slow = await harness.enter({ user: 'slow', role: 'sales_rep' });
  slow.isStalled = true;
  harness.advance(4_000);
  await harness.settle();
  expect(slow.inbox.map(kindOf)).not.toContain('step2');
  harness.advance(1_000);
  await harness.settle();
  expect(slow.inbox.map(kindOf)).toContain('step2');
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  expect(slow.inbox.map(kindOf)).toContain('update');
});

test('[R10] a connection that never asks is never answered', async () => {
  const harness = await createRoomHarness({ cells: row });
  const mute = await harness.join({ user: 'mute', role: 'sales_rep', isMute: true });
  await harness.pass(20_000);
  expect(mute.received.map(kindOf)).not.toContain('step2');
  mute.send(encodeStep1(Y.encodeStateVector(mute.doc)));
  await harness.settle();
  expect(mute.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
});

test('[R11] every step 1 is answered by a step 2, also where there is nothing to say', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const before = ada.received.length;
  ada.send(encodeStep1(Y.encodeStateVector(ada.doc)));
  await harness.settle();
  expect(ada.received.slice(before)).toEqual([
    encodeStep2(Y.encodeStateAsUpdate(ada.doc, Y.encodeStateVector(ada.doc))),
  ]);
});

test('[R11] a step 1 of nonsense is answered too, and harms nobody', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const eve = await harness.join({ user: 'eve', role: 'sales_rep' });
  const nonsense = new Map([
    [ada.doc.clientID, Number.MAX_SAFE_INTEGER],
    [4_294_967_295, 1],
    [Number.MAX_SAFE_INTEGER, 3],
  ]);
  const before = eve.received.length;
  eve.send(encodeStep1(Y.encodeStateVector(nonsense)));
  await harness.settle();
  expect(eve.received.slice(before).map(kindOf)).toEqual(['step2']);
  expect(eve.closed).toBeNull();
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  expect(eve.doc.getMap('lineItems').get('l1/quantity')).toBe('3');
});

test('[R12] the first thing that a client with events hears is who it is and where', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({
    user: 'ada',
    role: 'vp_sales',
    permission: 'host',
    name: 'Ada',
    events: true,
  });
  const sessionId = harness.sessions.idOf(harness.quote);
  expect(kindOf(ada.received[0] ?? new Uint8Array())).toBe('event');
  expect(ada.events[0]).toEqual({
    type: 'hello',
    user: { id: 'ada', name: 'Ada', role: 'vp_sales' },
    permission: 'host',
    sessionId,
    revision: 1,
    serverTime: harness.now(),
  });
});

test('[R12] a client that did not ask for events gets none, whatever happens to it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep' });
  const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
  rep.doc.getMap('lineItems').set('l1/quantity', '1');
  vp.doc.getMap('lineItems').set('l1/quantity', '2');
  rep.doc.getMap('lineItems').set('l1/discountPercent', '99');
  const room = await harness.room();
  await room.reassign(rep.options.user as never, async (actor) => ({
    actor: { ...actor, permission: 'viewer' },
    name: 'R',
  }));
  await harness.pass(12_000);
  expect([...rep.received, ...vp.received].map(kindOf)).not.toContain('event');
});

test('[R13] something is sent every 10 s at the latest, so that stock clients do not hang up', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  await harness.pass(60_000);
  // A presence that is not renewed is dropped after 30 s; the rest are empty.
  const kept = ada.received.filter((frame) => Buffer.compare(frame, Uint8Array.of(1, 1, 0)) === 0);
  expect(kept.length).toBeGreaterThanOrEqual(4);
  expect(ada.closed).toBeNull();
});

test('[R13] a connection that is only half here is kept from hanging up as well', async () => {
  const harness = await createRoomHarness();
  const mute = await harness.join({ user: 'mute', role: 'sales_rep', isMute: true });
  await harness.pass(30_000);
  expect(mute.received.map(kindOf).filter((kind) => kind === 'presence').length).toBeGreaterThanOrEqual(2);
});

test('[R14] a connection that answers no ping for a minute is closed, and one that does is not', async () => {
  const harness = await createRoomHarness({ limits: { connectionsPerUserAndQuote: 1 } });
  const dead = await harness.join({ user: 'ada', role: 'sales_rep' });
  const quiet = await harness.join({ user: 'bob', role: 'sales_rep' });
  dead.isStalled = true;
  await harness.pass(59_000);
  expect(dead.closed).toBeNull();
  await harness.pass(2_000);
  expect(dead.closed?.code).toBe(1013);
  expect(quiet.closed).toBeNull();
  // One that sends is alive, whatever becomes of its pings.
  const busy = await harness.join({ user: 'busy', role: 'sales_rep' });
  busy.isStalled = true;
  for (let second = 0; second < 90; second += 15) {
    busy.awareness.setLocalState({ second });
    await harness.pass(15_000);
  }
  expect(busy.closed).toBeNull();
  // Its place is free again.
  expect((await harness.join({ user: 'ada', role: 'sales_rep' })).closed).toBeNull();
});

test('[R58] whoever comes and goes leaves no timer and no state behind', async () => {
  const harness = await createRoomHarness({ cells: row });
  const room = await harness.room();
  const stays = await harness.join({ user: 'stays', role: 'sales_rep' });
  for (let visit = 0; visit < 200; visit++) {
    const guest = await harness.join({ user: `u${visit % 10}`, role: 'sales_rep', events: true });
    guest.awareness.setLocalState({ editing: 'lineItems/l1/name' });
    guest.doc.getMap('lineItems').set('l1/name', `${visit}`);
    if (visit % 3 === 0) guest.send(new Uint8Array());
    else if (visit % 3 === 1) await harness.settle();
    guest.disconnect();
    // Twice, as a socket that fails while it closes may say.
    guest.connection.closed();
    harness.advance(100);
  }
  await harness.pass(3_000);
  expect(harness.timers).toBe(0);
  expect(room.members().map(({ id }) => id)).toEqual(['stays']);
  expect(stays.awareness.getStates().size).toBe(1);
  const late = await harness.join({ user: 'late', role: 'sales_rep' });
  await harness.pass(100);
  expect(late.awareness.getStates().size).toBe(2);
});

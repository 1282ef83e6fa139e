import { expect, test } from 'vitest';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { type Peer, eventsOf } from '../support/room-peer.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const MINUTE_MS = 60_000;
const ada = { user: 'ada', role: 'sales_rep', events: true } as const;
const bob = { user: 'bob', role: 'sales_rep', events: true } as const;

const states = (peer: Peer): string[] => eventsOf(peer, 'session').map(({ state }) => state);

test('[R70] those who come at the same instant are in one session, and what they write names it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const [one, two] = await Promise.all([harness.join(ada), harness.join(bob)]);
  const [hello] = eventsOf(one, 'hello');
  expect(eventsOf(two, 'hello')[0]?.sessionId).toBe(hello?.sessionId);
  one.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  const entries = await harness.log.entries(harness.quote, { after: 0, limit: 10 });
  // The first made the quote, when nobody was there yet.
  expect(entries.map(({ session }) => session)).toEqual([null, hello?.sessionId]);
  const page = await harness.sessions.list({ quote: harness.quote, limit: 10 });
  expect(page.sessions.length).toBe(1);
});

test('[R70] it outlives its room: whoever comes back within its time is in the same one', async () => {
  const harness = await createRoomHarness({ cells: row });
  const first = await harness.join(ada);
  first.disconnect();
  await harness.pass(10_000);
  expect(harness.rooms.peek(harness.quote)).toBeNull();
  const again = await harness.join(ada);
  expect(eventsOf(again, 'hello')[0]?.sessionId).toBe(eventsOf(first, 'hello')[0]?.sessionId);
});

test('[R71] its state is told after the greeting, and at every change of it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const one = await harness.join(ada);
  expect(one.events.slice(0, 2).map(({ type }) => type)).toEqual(['hello', 'session']);
  const two = await harness.join(bob);
  two.disconnect();
  await harness.settle();
  expect(states(one)).toEqual(['solo', 'collaborative', 'solo']);
  expect(states(two)).toEqual(['collaborative']);
});

test('[R71] [R74] a quiet session is warned of, goes on when something is done, and is ended when nothing is', async () => {
  const harness = await createRoomHarness({ cells: row });
  const one = await harness.join(ada);
  const began = harness.now();
  await harness.pass(54 * MINUTE_MS);
  expect(eventsOf(one, 'session').at(-1)).not.toHaveProperty('endsAt');
  await harness.pass(2 * MINUTE_MS);
  const { endsAt = 0 } = eventsOf(one, 'session').at(-1) ?? {};
  expect(Math.abs(endsAt - began - 60 * MINUTE_MS)).toBeLessThan(5_000);
  one.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  expect(eventsOf(one, 'session').at(-1)).not.toHaveProperty('endsAt');
  await harness.pass(59 * MINUTE_MS);
  expect(one.closed).toBeNull();
  await harness.pass(2 * MINUTE_MS);
  expect(eventsOf(one, 'session').at(-1)).toMatchObject({ state: 'closed', why: 'inactive' });
  expect(one.closed?.code).toBe(4410);
});

test('[R74] a client that only comes back again and again, with its presence, does not keep it open', async () => {
  const harness = await createRoomHarness();
  let peer = await harness.join(ada);
  peer.awareness.setLocalStateField('status', 'viewing');
  await harness.settle();
  const { id } = harness.sessions.ofQuote(harness.quote) ?? {};
  for (let minute = 0; minute < 61; minute += 10) {
    await harness.pass(10 * 60_000);
    if (peer.closed === null) peer = await harness.rejoin(peer);
  }
  expect(peer.closed?.code).toBe(4410);
  expect(harness.sessions.ofQuote(harness.quote)?.id).not.toBe(id);
});

test('[R72] who ends it is named, everyone is let go, and the next who comes starts another one', async () => {
  const harness = await createRoomHarness({ cells: row });
  const [one, two] = [await harness.join(ada), await harness.join(bob)];
  one.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  const session = harness.sessions.ofQuote(harness.quote);
  if (session === null) throw new Error('people are in it');
  await harness.keeper.end(session, { by: 'ada' as UserId, why: 'by_hand' });
  await harness.settle();
  for (const peer of [one, two]) {
    const told = { state: 'closed', why: 'by_hand', by: { id: 'ada', name: 'ada' } };
    expect(eventsOf(peer, 'session').at(-1)).toMatchObject(told);
    expect(peer.closed).toEqual({ code: 4410, reason: 'a host ended the session' });
  }
  const next = await harness.join({ ...bob, user: 'cat' });
  expect(next.doc.getMap('lineItems').get('l1/quantity')).toBe('3');
  expect(eventsOf(next, 'hello')[0]?.sessionId).not.toBe(session.id);
  expect(await harness.sessions.find(session.id)).toMatchObject({
    state: 'closed',
    endedBy: 'ada',
    people: [],
  });
});

test('[R72] ending twice at once ends once', async () => {
  const harness = await createRoomHarness({ cells: row });
  await harness.join(ada);
  const session = harness.sessions.ofQuote(harness.quote);
  if (session === null) throw new Error('somebody is in it');
  const ending = { by: null, why: 'inactive' } as const;
  await Promise.all([harness.keeper.end(session, ending), harness.keeper.end(session, ending)]);
  const rows = await harness.sessions.audit(session.id, { after: 0, limit: 100 });
  expect(rows.filter(({ event }) => event === 'ended').length).toBe(1);
});

test('[R73] after a crash the session goes on, without those who were in it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const one = await harness.join(ada);
  await harness.join(bob);
  const { id } = harness.sessions.ofQuote(harness.quote) ?? {};
  harness.crash();
  await harness.room();
  expect(harness.sessions.ofQuote(harness.quote)).toMatchObject({ id, state: 'solo', people: [] });
  const again = await harness.rejoin(one);
  expect(eventsOf(again, 'hello')[0]?.sessionId).toBe(id);
  expect(harness.sessions.ofQuote(harness.quote)?.people.map(({ user }) => user)).toEqual(['ada']);
});

test('[R74] whoever does nothing becomes idle, then away, and is shown to nobody until they do something', async () => {
  const harness = await createRoomHarness({ cells: row });
  const [one, two] = [await harness.join(ada), await harness.join(bob)];
  const status = (): unknown =>
    harness.sessions.ofQuote(harness.quote)?.people.find(({ user }) => user === 'ada')?.status;
  const busy = async (minutes: number): Promise<void> => {
    for (let passed = 0; passed < minutes; passed++) {
      two.awareness.setLocalState({ cell: `fields/${passed % 2 === 0 ? 'title' : 'customer'}` });
      await harness.pass(MINUTE_MS);
    }
  };
  one.awareness.setLocalState({ cell: 'fields/title', editing: 'fields/title' });
  await harness.pass(1_000);
  expect(status()).toBe('editing');
  await busy(3);
  expect(status()).toBe('idle');
  expect(two.awareness.getStates().has(one.doc.clientID)).toBe(true);
  await busy(3);
  expect(status()).toBe('away');
  expect(two.awareness.getStates().has(one.doc.clientID)).toBe(false);
  one.awareness.setLocalState({ cell: 'fields/customer' });
  await harness.pass(1_000);
  expect(status()).toBe('viewing');
  expect(two.awareness.getStates().has(one.doc.clientID)).toBe(true);
});

test('[R70] the sessions of two quotes are two, and ending one leaves the other', async () => {
  const harness = await createRoomHarness({ cells: row });
  const log = harness.log;
  const other = await createRoomHarness({
    log,
    quote: 'q2',
    cells: row,
    sessionStore: harness.sessionStore,
  });
  expect(other.sessions.ofQuote('q2' as QuoteId)).toBeNull();
  const [one, two] = [await harness.join(ada), await other.join(ada)];
  const [first, second] = [harness.sessions.ofQuote(harness.quote), other.sessions.ofQuote('q2' as QuoteId)];
  if (first === null || second === null) throw new Error('somebody is in both');
  await harness.keeper.end(first, { by: null, why: 'inactive' });
  expect([one.closed?.code, two.closed]).toEqual([4410, null]);
});

import { expect, test } from 'vitest';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { UserId } from '../../src/lib/ids.ts';
import { RESERVATIONS_PER_USER_MAX } from '../../src/lib/limits.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { presenceOf } from '../support/client-frames.ts';
import { logUnavailable } from '../support/flaky-log.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { type Peer, kindOf, presenceFrame } from '../support/room-peer.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const rep = { user: 'rep', role: 'sales_rep' } as const;
const vp = { user: 'vp', role: 'vp_sales' } as const;

/** What one peer shows of another. */
const shown = (viewer: Peer, of: Peer): Record<string, unknown> | undefined =>
  viewer.awareness.getStates().get(of.doc.clientID);

test('[R31] everyone is shown at once, also who says nothing, and viewers', async () => {
  const harness = await createRoomHarness();
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', name: 'Ada' });
  const eye = await harness.join({ user: 'eye', role: 'admin', permission: 'viewer', name: 'Eye' });
  await harness.pass(50);
  expect(shown(ada, eye)).toEqual({
    user: { id: 'eye', name: 'Eye', role: 'admin', color: expect.any(String) },
  });
  expect(shown(eye, ada)).toMatchObject({ user: { name: 'Ada' } });
  const late = await harness.join({ user: 'late', role: 'sales_rep' });
  expect(shown(late, ada)).toMatchObject({ user: { name: 'Ada' } });
});

test('[R31] it is gone when its connection ends, when its client says so, and 30 s after the last sign of it', async () => {
  const harness = await createRoomHarness();
  const watcher = await harness.join({ user: 'watcher', role: 'sales_rep' });
  const [leaver, quitter, silent] = [
    await harness.join({ user: 'leaver', role: 'sales_rep' }),
    await harness.join({ user: 'quitter', role: 'sales_rep' }),
    await harness.join({ user: 'silent', role: 'sales_rep' }),
  ];
  await harness.pass(50);
  expect(watcher.awareness.getStates().size).toBe(4);
  leaver.disconnect();
  quitter.awareness.setLocalState(null);
  await harness.pass(50);
  expect([leaver, quitter, silent].map((one) => shown(watcher, one) === undefined)).toEqual([
    true,
    true,
    false,
  ]);
  silent.isStalled = true;
  await harness.pass(31_000);
  expect(shown(watcher, silent)).toBeUndefined();
  // A living client that was taken away announces itself again as soon as it hears of that.
  silent.isStalled = false;
  await harness.pass(2_000);
  expect(shown(watcher, silent)).toBeDefined();
});

test('[R32] who comes back with the clock that they had is shown again', async () => {
  const harness = await createRoomHarness();
  let ada = await harness.join(rep);
  const bob = await harness.join(vp);
  ada.awareness.setLocalState({ cell: 'fields/title' });
  await harness.pass(50);
  for (let round = 0; round < 3; round++) {
    ada.disconnect();
    await harness.pass(50);
    expect(shown(bob, ada)).toBeUndefined();
    ada = await harness.rejoin(ada);
    await harness.pass(50);
    expect(shown(bob, ada)).toMatchObject({ cell: 'fields/title' });
  }
  ada.awareness.setLocalState({ cell: 'fields/customer' });
  await harness.pass(50);
  expect(shown(bob, ada)).toMatchObject({ cell: 'fields/customer' });
  // Its own clock was never overtaken: what it shows of itself is what it set.
  expect(ada.awareness.getLocalState()).toEqual({ cell: 'fields/customer' });
});

test('[R32] who comes back before the old connection is known to be dead takes their place at once', async () => {
  const harness = await createRoomHarness({ cells: row, policy: { leaseSeconds: 10 } });
  const old = await harness.join(vp);
  const bob = await harness.join(rep);
  old.awareness.setLocalState({ editing: 'lineItems/l1/name' });
  old.vanish();
  const { doc, awareness } = old;
  const again = await harness.join({ ...vp, doc, awareness });
  again.awareness.setLocalState({ editing: 'lineItems/l1/quantity' });
  await harness.pass(50);
  expect(shown(bob, again)).toMatchObject({ editing: 'lineItems/l1/quantity' });
  bob.doc.getMap('lineItems').set('l1/name', 'Mine');
  await harness.settle();
  expect(bob.doc.getMap('lineItems').get('l1/name')).toBe('Mine');
  old.disconnect();
  await harness.pass(50);
  expect(shown(bob, again)).toBeDefined();
});

test('[R33] a hundred people who move five times a second are at most 20 frames a second to each', async () => {
  const harness = await createRoomHarness({ participantsMax: 200 });
  const people: Peer[] = [];
  for (let count = 0; count < 100; count++) {
    people.push(await harness.enter({ user: `u${count}`, role: 'sales_rep' }));
  }
  await harness.settle();
  await harness.pass(1_000);
  for (const person of people) person.received.length = 0;
  for (let step = 0; step < 20; step++) {
    for (const [index, person] of people.entries()) {
      if (index % 4 === step % 4)
        person.awareness.setLocalState({ cell: `lineItems/l${step}/name`, at: step });
    }
    harness.advance(50);
    // Everyone reads, and says again what it read, as stock clients do.
    for (const person of people) person.read();
  }
  for (const person of people) {
    const frames = person.received.filter((frame) => kindOf(frame) === 'presence');
    expect(frames.length).toBeLessThanOrEqual(20);
    expect(frames.length).toBeGreaterThan(8);
    expect(person.closed).toBeNull();
  }
  await harness.pass(100);
  for (const other of people) expect(shown(people[0] as Peer, other)).toHaveProperty('at');
});

test('[R34] an active edit ends with its lease, whatever its presence renews, and goes on with each change', async () => {
  const harness = await createRoomHarness({ cells: row, policy: { leaseSeconds: 10 } });
  const boss = await harness.join(vp);
  const other = await harness.join(rep);
  const tries = async (): Promise<boolean> => {
    other.doc.getMap('lineItems').set('l1/name', `Mine ${harness.now()}`);
    await harness.settle();
    return other.doc.getMap('lineItems').get('l1/name') === `Mine ${harness.now()}`;
  };
  boss.awareness.setLocalState({ editing: 'lineItems/l1/name', at: 1 });
  await harness.pass(9_000);
  boss.awareness.setLocalState({ editing: 'lineItems/l1/name', at: 2 });
  await harness.pass(9_000);
  expect(await tries()).toBe(false);
  // A renewal: nothing but the clock moves.
  boss.awareness.setLocalState(boss.awareness.getLocalState());
  await harness.pass(2_000);
  expect(await tries()).toBe(true);
});

test('[R34] a write opens one too, on its own cell, for the lease', async () => {
  const harness = await createRoomHarness({ cells: row, policy: { leaseSeconds: 10 } });
  const boss = await harness.join(vp);
  const other = await harness.join(rep);
  boss.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.pass(2_000);
  other.doc.getMap('lineItems').set('l1/unit', 'pcs');
  other.doc.getMap('lineItems').set('l1/name', 'Mine');
  await harness.settle();
  expect(other.doc.getMap('lineItems').toJSON()).toMatchObject({ 'l1/name': 'Nut', 'l1/unit': 'pcs' });
  await harness.pass(9_000);
  other.doc.getMap('lineItems').set('l1/name', 'Mine');
  await harness.settle();
  expect(other.doc.getMap('lineItems').get('l1/name')).toBe('Mine');
});

test('[R34] a presence that leaves, or whose connection ends, ends its active edits at once', async () => {
  const harness = await createRoomHarness({ cells: row, policy: { leaseSeconds: 10 } });
  const other = await harness.join(rep);
  for (const end of ['leaves', 'says nothing any more'] as const) {
    const boss = await harness.join(vp);
    boss.awareness.setLocalState({ editing: 'lineItems/l1/name' });
    other.doc.getMap('lineItems').set('l1/name', 'Mine');
    await harness.settle();
    expect(other.doc.getMap('lineItems').get('l1/name')).not.toBe('Mine');
    if (end === 'leaves') boss.disconnect();
    else boss.awareness.setLocalState(null);
    other.doc.getMap('lineItems').set('l1/name', end);
    await harness.settle();
    expect(other.doc.getMap('lineItems').get('l1/name')).toBe(end);
    boss.disconnect();
  }
});

test('[R34] a viewer holds no cell, whatever their presence says', async () => {
  const harness = await createRoomHarness({ cells: row, policy: { leaseSeconds: 10 } });
  const eye = await harness.join({ ...vp, permission: 'viewer' });
  const other = await harness.join(rep);
  eye.awareness.setLocalState({ editing: 'lineItems/l1/name' });
  other.doc.getMap('lineItems').set('l1/name', 'Mine');
  await harness.settle();
  expect(other.doc.getMap('lineItems').get('l1/name')).toBe('Mine');
});

test('[R35] what a client says again of others changes nothing, also just after they left', async () => {
  const harness = await createRoomHarness();
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', name: 'Ada' });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep', name: 'Bob' });
  ada.awareness.setLocalState({ cell: 'fields/title' });
  await harness.pass(50);
  // A client without a presence of its own: all that it ever says is what it heard.
  const echo = await harness.join({ user: 'echo', role: 'admin', doc: new Y.Doc() });
  echo.disconnect();
  echo.awareness.setLocalState(null);
  const parrot = await harness.rejoin(echo);
  parrot.isStalled = true;
  ada.awareness.setLocalState({ cell: 'fields/customer' });
  await harness.pass(50);
  ada.disconnect();
  await harness.pass(50);
  expect(shown(bob, ada)).toBeUndefined();
  parrot.isStalled = false;
  await harness.pass(50);
  expect(shown(bob, ada)).toBeUndefined();
  const again = await harness.rejoin(ada);
  await harness.pass(50);
  expect(shown(bob, again)).toMatchObject({ cell: 'fields/customer', user: { id: 'ada', name: 'Ada' } });
  expect(bob.closed).toBeNull();
});

test('[R35] a connection has one client, and somebody else’s is not for it: neither while they are here nor after', async () => {
  const harness = await createRoomHarness();
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const eve = await harness.join({ user: 'eve', role: 'admin', isMute: true });
  const claim = (client: number): void => {
    const forged = presenceOf({ cell: 'fields/title' }, client);
    eve.send(presenceFrame(forged));
  };
  ada.doc.getMap('fields').set('title', 'Bolts');
  await harness.pass(50);
  const ghost = await harness.join({ user: 'ghost', role: 'sales_rep' });
  ghost.awareness.setLocalState({ cell: 'fields/title' });
  for (const one of [ada, ghost]) {
    claim(one.doc.clientID);
    one.disconnect();
    claim(one.doc.clientID);
  }
  await harness.pass(50);
  expect(shown(bob, ghost)).toBeUndefined();
  // A writer’s id is theirs for good, also where they never showed themselves.
  const writer = await harness.join({ user: 'writer', role: 'sales_rep', isMute: true });
  writer.doc.getMap('fields').set('customer', 'ACME');
  await harness.settle();
  claim(writer.doc.clientID);
  await harness.pass(50);
  expect(shown(bob, ada)).toBeUndefined();
  expect(shown(bob, writer)).toBeUndefined();
  claim(eve.doc.clientID);
  claim(12_345);
  await harness.pass(50);
  expect(shown(bob, eve)).toMatchObject({ user: { id: 'eve' } });
  expect(bob.awareness.getStates().has(12_345)).toBe(false);
  expect(eve.closed).toBeNull();
});

test('[R35] an id that is announced is reserved: nobody else writes under it', async () => {
  const harness = await createRoomHarness();
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const eve = await harness.join({ user: 'eve', role: 'sales_rep', isMute: true });
  eve.doc.clientID = ada.doc.clientID;
  eve.doc.getMap('fields').set('title', 'Mine');
  expect(eve.closed?.code).toBe(4400);
  ada.doc.getMap('fields').set('title', 'Bolts');
  await harness.settle();
  expect((await harness.room()).gate.doc.getMap('fields').get('title')).toBe('Bolts');
});

test.each(['the room was let go', 'the process died'])(
  '[R35] an id that was announced is still reserved after %s, for whoever comes back with unsent edits',
  async (what) => {
    const harness = await createRoomHarness({ cells: row });
    const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
    await harness.pass(50);
    ada.disconnect();
    if (what === 'the process died') harness.crash();
    else await harness.pass(6_000);
    expect(harness.rooms.peek(harness.quote)).toBeNull();
    ada.doc.getMap('fields').set('title', 'Bolts');
    const eve = await harness.join({ user: 'eve', role: 'sales_rep', isMute: true });
    const claim = presenceOf({ cell: 'fields/title' }, ada.doc.clientID);
    eve.send(presenceFrame(claim));
    eve.doc.clientID = ada.doc.clientID;
    eve.doc.getMap('fields').set('title', 'Mine');
    expect(eve.closed?.code).toBe(4400);
    const again = await harness.rejoin(ada);
    expect(again.closed).toBeNull();
    const { doc } = (await harness.room()).gate;
    expect(doc.getMap('fields').get('title')).toBe('Bolts');
    await harness.pass(50);
    const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
    expect(shown(bob, again)).toMatchObject({ user: { id: 'ada' } });
  },
);

test('[R35] nobody loses an id by what others announce, however many', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  ada.disconnect();
  for (let count = 0; count < RESERVATIONS_PER_USER_MAX + 20; count++) {
    (await harness.enter({ user: 'eve', role: 'sales_rep' })).disconnect();
  }
  const eve = await harness.join({ user: 'eve', role: 'sales_rep', isMute: true });
  eve.doc.clientID = ada.doc.clientID;
  eve.doc.getMap('fields').set('title', 'Mine');
  expect(eve.closed?.code).toBe(4400);
});

test('[R35] a reservation that cannot be stored is reported, and holds while the room lives', async () => {
  const directory = { ...createMemoryDirectory(), reserve: () => Promise.reject(logUnavailable()) };
  const harness = await createRoomHarness({ cells: row, directory });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  expect(harness.reported).toMatchObject([{ code: 'log_unavailable' }]);
  const eve = await harness.join({ user: 'eve', role: 'sales_rep', isMute: true });
  eve.doc.clientID = ada.doc.clientID;
  eve.doc.getMap('fields').set('title', 'Mine');
  expect([ada.closed, eve.closed?.code]).toEqual([null, 4400]);
});

test('[R36] no presence comes back from those who hear it in a frame over the limit', async () => {
  const harness = await createRoomHarness({ cells: row });
  const people: Peer[] = [];
  for (let count = 0; count < 12; count++) {
    people.push(await harness.join({ user: `u${count}`, role: 'sales_rep', name: 'N'.repeat(120) }));
  }
  for (const { awareness } of people) awareness.setLocalState({ selection: 'ü'.repeat(15_000) });
  await harness.pass(100);
  const late = await harness.join({ user: 'late', role: 'sales_rep' });
  await harness.pass(100);
  for (const peer of [...people, late]) {
    expect(peer.closed).toBeNull();
    expect(Math.max(...peer.received.map(({ length }) => length))).toBeLessThan(64 * 1024);
    expect(peer.awareness.getStates().size).toBe(13);
  }
});

test('[R36] a state larger than half the limit closes its author, and nobody is sent it', async () => {
  const harness = await createRoomHarness();
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  const eve = await harness.join({ user: 'eve', role: 'sales_rep' });
  eve.awareness.setLocalState({ selection: 'x'.repeat(33 * 1024) });
  expect(eve.closed?.code).toBe(4400);
  expect(eve.closed?.reason).toMatch(
    /^a presence state of \d+ bytes; half of limits.otherFrameBytes is 32768$/,
  );
  await harness.pass(50);
  expect(shown(bob, eve)).toBeUndefined();
});

test('[R37] a role or name that changes is shown at once, and rules the cell that is under edit', async () => {
  const harness = await createRoomHarness({ cells: row, policy: { leaseSeconds: 10 } });
  const boss = await harness.join(vp);
  const other = await harness.join({ user: 'manager', role: 'sales_manager' });
  boss.awareness.setLocalState({ editing: 'lineItems/l1/name' });
  await harness.pass(50);
  const room = await harness.room();
  await room.reassign('vp' as UserId, async (actor) => ({
    actor: { ...actor, role: 'sales_rep' },
    name: 'Dan',
  }));
  await harness.pass(50);
  expect(shown(other, boss)).toMatchObject({
    user: { name: 'Dan', role: 'sales_rep' },
    editing: 'lineItems/l1/name',
  });
  other.doc.getMap('lineItems').set('l1/name', 'Mine');
  await harness.settle();
  expect(other.doc.getMap('lineItems').get('l1/name')).toBe('Mine');
  // What it says next is still news to everyone.
  boss.awareness.setLocalState({ editing: null });
  await harness.pass(50);
  expect(shown(other, boss)).toMatchObject({ editing: null });
  expect(boss.awareness.getLocalState()).toEqual({ editing: null });
});

test('[R37] looking a person up again without finding anything new tells nobody', async () => {
  const harness = await createRoomHarness({ cells: row });
  const boss = await harness.join({ ...vp, name: 'Dana', events: true });
  const other = await harness.join(rep);
  await harness.pass(50);
  const [told, heard] = [boss.received.length, other.received.length];
  const room = await harness.room();
  await room.reassign('vp' as UserId, async (actor, name) => ({ actor, name }));
  await harness.pass(50);
  expect([boss.received.length, other.received.length]).toEqual([told, heard]);
});

test('[R35] that somebody is gone is theirs to say, not that of another tab of theirs', async () => {
  const harness = await createRoomHarness();
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const tab = await harness.join({ user: 'ada', role: 'sales_rep', isMute: true });
  await harness.pass(50);
  const removal = presenceOf({}, ada.doc.clientID);
  awarenessProtocol.removeAwarenessStates(removal, [ada.doc.clientID], 'local');
  tab.send(presenceFrame(removal, [ada.doc.clientID]));
  await harness.pass(50);
  const late = await harness.join({ user: 'late', role: 'sales_rep' });
  expect([bob, late].map((viewer) => shown(viewer, ada) !== undefined)).toEqual([true, true]);
});

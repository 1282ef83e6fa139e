import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { encodeUpdateFrame } from '../../src/wire/frames.ts';
import { type Edit, arbitraryPlainEdit, makeEdit } from '../support/edits.ts';
import { type FlakyLog, createFlakyLog } from '../support/flaky-log.ts';
import { findChainProblem } from '../support/verify-chain.ts';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import { type Peer, acknowledged, kindOf } from '../support/room-peer.ts';
import { describeStructs } from '../support/star.ts';

/** P9: the world fails at every step between merging an edit, storing it and showing it. */

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const roles = ['sales_rep', 'sales_rep', 'vp_sales'] as const;

async function people(harness: RoomHarness): Promise<Peer[]> {
  const peers = [];
  for (const [index, role] of roles.entries())
    peers.push(await harness.join({ user: `u${index}`, role, events: true }));
  return peers;
}

/** Everyone whose connection ended comes back, as often as it takes. */
async function everyoneBack(harness: RoomHarness, peers: readonly Peer[]): Promise<Peer[]> {
  await harness.settle();
  if (peers.every(({ closed }) => closed === null)) return [...peers];
  const back: Peer[] = [];
  for (const peer of peers)
    back.push(peer.closed === null ? peer : await whileTimePasses(harness, harness.rejoin(peer)));
  return everyoneBack(harness, back);
}

async function whileTimePasses<T>(harness: RoomHarness, promise: Promise<T>): Promise<T> {
  let isDone = false;
  const done = promise.finally(() => (isDone = true));
  for (await harness.turn(); !isDone; await harness.turn()) harness.advance(1_000);
  return done;
}

test('[R50] what cannot be stored is reported once, also after the room was closed', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const room = await harness.room();
  log.failNext();
  const release = log.hold();
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  ada.doc.getMap('lineItems').set('l1/quantity', '4');
  await harness.turn();
  room.close({ code: 1012, reason: 'the server restarts' });
  expect(harness.reported).toEqual([]);
  release();
  await harness.turn();
  expect(harness.reported).toMatchObject([{ code: 'log_unavailable' }]);
});

test('[R50] of an entry that cannot be stored nobody is told or shown anything; everyone is asked to come again', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const [ada, bob] = [
    await harness.join({ user: 'ada', role: 'sales_rep', events: true }),
    await harness.join({ user: 'bob', role: 'sales_rep', events: true }),
  ];
  const before = [ada, bob].map(({ received }) => received.length);
  log.failNext();
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  bob.doc.getMap('lineItems').set('l1/unit', 'pcs');
  await harness.turn();
  expect([ada, bob].map(({ received }) => received.length)).toEqual(before);
  const closed = { code: 1013, reason: 'the server could not store an edit; please try again' };
  expect([ada.closed, bob.closed]).toEqual([closed, closed]);
  expect(harness.reported).toMatchObject([{ code: 'log_unavailable' }]);
  expect((await log.head(harness.quote))?.seq).toBe(1);
  const [again, other] = await everyoneBack(harness, [ada, bob]);
  expect((await log.head(harness.quote))?.seq).toBe(3);
  const all = { 'l1/position': 'a0', 'l1/name': 'Bolt', 'l1/quantity': '3', 'l1/unit': 'pcs' };
  expect(other?.doc.getMap('lineItems').toJSON()).toEqual(all);
  expect(again?.doc.getMap('lineItems').toJSON()).toEqual(all);
});

test('[R50] a quote whose room broke stays closed for a second, and until what it had begun to append has ended', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const release = log.hold();
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.turn();
  // The room breaks by itself, with an append under way that will go through.
  const room = await harness.room();
  const apply = room.gate.submit;
  room.gate.submit = () => {
    throw new Error('a bug');
  };
  ada.doc.getMap('lineItems').set('l1/quantity', '4');
  room.gate.submit = apply;
  expect(harness.rooms.peek(harness.quote)).toBeNull();
  let isOpen = false;
  const opening = harness.rooms.open(harness.quote).then((opened) => {
    isOpen = true;
    return opened;
  });
  harness.advance(5_000);
  await harness.turn();
  expect(isOpen).toBe(false);
  release();
  const opened = await opening;
  expect(opened?.gate.revision).toBe(2);
  expect(opened?.gate.doc.getMap('lineItems').get('l1/quantity')).toBe('3');
});

test('[R50] the second is waited for by everyone who comes meanwhile', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  log.failNext();
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  let opened = 0;
  for (let count = 0; count < 3; count++) void harness.rooms.open(harness.quote).then(() => (opened += 1));
  harness.advance(950);
  await harness.turn();
  expect(opened).toBe(0);
  harness.advance(50);
  await harness.turn();
  await harness.turn();
  expect(opened).toBe(3);
});

test('[R51] a bug in handling an edit keeps its sender out, lets the others come again, and ends nothing else', async () => {
  const harness = await createRoomHarness({ cells: row });
  const q2 = 'q2' as QuoteId;
  const casey = { user: 'casey' as UserId, role: 'admin', permission: 'host' } as const;
  await harness.rooms.create(
    q2,
    { actor: casey, name: 'Casey', origin: 'api' },
    {
      cells: [{ cell: { root: 'fields', column: 'title', row: null, key: 'title' } as never, value: 'Nuts' }],
    },
  );
  const [ada, bob] = [
    await harness.join({ user: 'ada', role: 'sales_rep' }),
    await harness.join({ user: 'bob', role: 'sales_rep' }),
  ];
  const room = await harness.room();
  room.gate.submit = () => {
    throw new Error('a bug');
  };
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  expect(ada.closed).toEqual({
    code: 4400,
    reason: 'the server cannot handle this edit; please tell an admin',
  });
  expect(bob.closed).toEqual({ code: 1013, reason: 'the quote is being loaded again; please wait' });
  expect(harness.reported).toMatchObject([{ message: 'a bug' }]);
  expect(harness.rooms.peek(q2)).not.toBeNull();
  const [again] = await everyoneBack(harness, [bob]);
  again?.doc.getMap('lineItems').set('l1/quantity', '5');
  await harness.settle();
  expect((await harness.room()).gate.doc.getMap('lineItems').get('l1/quantity')).toBe('5');
});

test('[R51] a bug in sealing an entry breaks the room instead of leaving it dumb', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const room = await harness.room();
  const { submit } = room.gate;
  room.gate.submit = (submission) => {
    const outcome = submit(submission);
    return outcome.kind === 'judged'
      ? { ...outcome, clocks: [{ client: Number.NaN, clock: -1, length: 1 }] }
      : outcome;
  };
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.turn();
  expect(ada.closed?.code).toBe(1013);
  const [again] = await everyoneBack(harness, [ada]);
  expect(again?.closed).toBeNull();
  expect((await log.head(harness.quote))?.seq).toBe(2);
});

test('[R51] a bug in what hangs on time, or in telling people, ends the room and never the process', async () => {
  let isDue = false;
  const bug = (): void => {
    if (isDue) throw new Error('a bug');
  };
  const telling = await createRoomHarness({ cells: row, metrics: { sent: bug } });
  const ada = await telling.join({ user: 'ada', role: 'sales_rep' });
  isDue = true;
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await telling.settle();
  const ticking = await createRoomHarness({ cells: row });
  const bob = await ticking.join({ user: 'bob', role: 'sales_rep' });
  Object.defineProperty((await ticking.room()).gate, 'revision', { get: bug });
  ticking.advance(1_000);
  for (const [harness, peer] of [
    [telling, ada],
    [ticking, bob],
  ] as const) {
    expect(peer.closed?.code).toBe(1013);
    expect(harness.rooms.peek(harness.quote)).toBeNull();
    expect(harness.reported).toMatchObject([{ message: 'a bug' }]);
  }
});

test('[R56] an entry is never older than the one before, whatever the clock does', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  const began = harness.now();
  const edits = async (): Promise<number | undefined> => {
    ada.doc.getMap('lineItems').set('l1/quantity', `${harness.now()}`);
    await harness.settle();
    return (await harness.log.head(harness.quote))?.at;
  };
  harness.advance(5_000);
  expect(await edits()).toBe(began + 5_000);
  harness.setClock(began - 60_000);
  expect(await edits()).toBe(began + 5_000);
  harness.crash();
  const again = await harness.rejoin(ada);
  again.doc.getMap('lineItems').set('l1/quantity', '7');
  await harness.settle();
  expect((await harness.log.head(harness.quote))?.at).toBe(began + 5_000);
  expect(harness.reported).toEqual([]);
});

interface Step {
  readonly who: number;
  readonly edit: Edit;
  readonly then:
    | 'nothing'
    | 'turn'
    | 'settle'
    | 'fail'
    | 'crash before'
    | 'crash after'
    | 'crash'
    | 'drop'
    | 'read';
}

const arbitrarySteps = fc.array(
  fc.record<Step>({
    who: fc.nat(roles.length - 1),
    edit: arbitraryPlainEdit,
    then: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<Step['then']>('nothing', 'turn', 'settle') },
      {
        weight: 5,
        arbitrary: fc.constantFrom<Step['then']>(
          'fail',
          'crash before',
          'crash after',
          'crash',
          'drop',
          'read',
        ),
      },
    ),
  }),
  { minLength: 1, maxLength: 30 },
);

async function go(harness: RoomHarness, log: FlakyLog, peer: Peer, then: Step['then']): Promise<void> {
  switch (then) {
    case 'nothing':
      return;
    case 'turn':
      return harness.turn();
    case 'settle':
      return harness.settle();
    case 'read':
      await harness.turn();
      peer.read();
      return;
    case 'drop':
      peer.disconnect();
      return;
    case 'fail':
      log.failNext();
      return harness.settle();
    case 'crash before':
    case 'crash after':
      harness.freeze({ stored: then === 'crash after' });
      await harness.turn();
      return harness.crash();
    case 'crash':
      await harness.turn();
      return harness.crash();
  }
}

/** Every update that anyone has read, as entries would hold it. */
const revisionSeen = (peer: Peer): number =>
  Math.max(0, ...peer.events.flatMap((event) => ('revision' in event ? [event.revision] : [])));

test('[R52] whenever the process dies or the log fails: nothing that anyone saw or was told is lost, nothing comes twice, all replicas agree', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySteps, async (steps) => {
      const log = createFlakyLog(createMemoryLog());
      const harness = await createRoomHarness({ cells: row, log, limits: { refusalsPerMinute: 10_000 } });
      let peers = await people(harness);
      for (const { who, edit, then } of steps) {
        const peer = peers[who];
        if (peer === undefined) throw new Error('one of the three');
        makeEdit(peer.doc, edit);
        await go(harness, log, peer, then);
        const head = (await log.head(harness.quote))?.seq ?? 0;
        for (const one of peers) {
          expect(revisionSeen(one)).toBeLessThanOrEqual(head);
          expect(one.closed === null || [1000, 1006, 1013].includes(one.closed.code)).toBe(true);
        }
        await expectDurable(harness, peers);
        if (peers.some(({ closed }) => closed !== null)) peers = await everyoneBack(harness, peers);
      }
      peers = await everyoneBack(harness, peers);
      const room = await harness.room();
      const structs = describeStructs(room.gate.doc);
      for (const peer of peers) {
        expect(describeStructs(peer.doc)).toEqual(structs);
        expect(acknowledged(peer)).toBe(peer.sentFrames);
      }
      expect(await findChainProblem(log, harness.quote)).toBeNull();
      harness.crash();
      const loaded = await harness.room();
      expect(describeStructs(loaded.gate.doc)).toEqual(structs);
      expect(loaded.gate.remember()).toEqual(room.gate.remember());
    }),
    { numRuns: 150 },
  );
}, 240_000);

/** All that the server sent to anyone is in the log. */
async function expectDurable(harness: RoomHarness, peers: readonly Peer[]): Promise<void> {
  const stored = new Y.Doc();
  for (const { merged } of await harness.log.entries(harness.quote, { after: 0, limit: 10_000 })) {
    if (merged !== null) Y.applyUpdate(stored, merged);
  }
  const has = Y.snapshot(stored);
  for (const peer of peers) {
    for (const frame of peer.received) {
      if (kindOf(frame) === 'update' || kindOf(frame) === 'step2') {
        expect(Y.snapshotContainsUpdate(has, updateOf(frame))).toBe(true);
      }
    }
  }
}

/** A frame is three or more bytes of type, kind and length, then the update. */
function updateOf(frame: Uint8Array): Uint8Array {
  for (let at = 3; at < frame.length; at++) {
    const update = frame.subarray(at);
    const again = encodeUpdateFrame(update);
    if (again.length === frame.length) return update;
  }
  throw new Error('a sync frame holds an update');
}

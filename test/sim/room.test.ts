import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { PERMISSIONS, type Permission, ROLES, type Role } from '../../src/authority/role.ts';
import { present } from '../../src/lib/assert.ts';
import { Fault } from '../../src/lib/fault.ts';
import type { CellId, UserId } from '../../src/lib/ids.ts';
import { loadGate } from '../../src/log/load-gate.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { ROOTS, parseCellId } from '../../src/quote/cell.ts';
import { type Edit, arbitraryPlainEdit, makeEdit } from '../support/edits.ts';
import { type FlakyLog, createFlakyLog } from '../support/flaky-log.ts';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import { type Peer, acknowledged } from '../support/room-peer.ts';
import { describeStructs } from '../support/star.ts';
import { findChainProblem } from '../support/verify-chain.ts';

/**
 * A day in a room: people of all roles edit the same few cells, lose their connections and come back, change roles, write over
 * HTTP; the log fails, the process dies, the room is let go. In the end everyone has the same quote, and it is what the log
 * says. The same seed leads to the same day.
 */
const SEEDS = Array.from({ length: 16 }, (_, index) => index + 1);
const STEPS = 250;
const PEOPLE = 7;

interface Person {
  readonly user: string;
  readonly doc: Y.Doc;
  role: Role;
  permission: Permission;
  /** Null while they are away. */
  peer: Peer | null;
  /** The client that they had, whose document goes on offline. */
  former: Peer | null;
}

interface World {
  readonly harness: RoomHarness;
  readonly log: FlakyLog;
  readonly random: Random;
  readonly nextEdit: () => Edit;
}

test.each(SEEDS)('[R52] a day of seed %i', async (seed) => {
  const random = createRandom(seed);
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({
    log,
    cells: { 'lineItems/l1/position': 'a0', 'lineItems/l2/position': 'a1', 'lineItems/l2/name': 'Bolt' },
    policy: { leaseSeconds: 3 },
    limits: { refusalsPerMinute: 20, viewerRefusalsPerMinute: 1_000 },
  });
  const people = Array.from({ length: PEOPLE }, (_, index): Person => {
    const permission = index === PEOPLE - 1 ? 'viewer' : 'editor';
    const doc = new Y.Doc();
    doc.clientID = random(2 ** 32 - 2);
    return {
      user: `u${index}`,
      doc,
      role: ROLES[index % ROLES.length] ?? 'admin',
      permission,
      peer: null,
      former: null,
    };
  });
  const edits = fc.sample(arbitraryPlainEdit, { seed, numRuns: 4 * STEPS });
  const world: World = {
    harness,
    log,
    random,
    nextEdit: () => present(edits.pop(), 'there are enough edits'),
  };

  for (let step = 0; step < STEPS; step++) {
    await act(present(people[random(people.length)], 'one of the people'), world);
    noteCloses(people);
  }
  await rest(harness, people);
  await expectAgreement(harness, people);
});

async function act(person: Person, world: World): Promise<void> {
  const { harness, log, random, nextEdit } = world;
  const { peer } = person;
  if (peer === null) {
    if (random(3) === 0) await comeBack(person, harness);
    else if (person.former !== null) makeEdit(person.former.doc, nextEdit());
    return;
  }
  switch (random(24)) {
    case 0:
      return peer.disconnect();
    case 1:
      peer.isStalled = !peer.isStalled;
      return;
    case 2:
      return peer.awareness.setLocalState({
        editing: random(2) === 0 ? null : 'lineItems/l1/quantity',
        at: random(9),
      });
    case 3:
      harness.advance(random(4) * 1_000 + 50);
      return harness.turn();
    case 4:
      if (random(3) === 0) log.failNext();
      return harness.turn();
    case 5:
      if (random(4) > 0) return;
      if (random(2) === 0) harness.freeze({ stored: random(2) === 0 });
      await harness.turn();
      return harness.crash();
    case 6:
      return random(3) === 0 ? changeRole(person, world) : undefined;
    case 7:
    case 8:
      return writeOverHttp(person, world);
    case 9:
    case 10:
      return harness.settle();
    case 11:
    case 12:
      await harness.turn();
      peer.read();
      return;
    case 13:
      peer.isLossy = true;
      makeEdit(peer.doc, nextEdit());
      peer.isLossy = false;
      return;
    case 14:
      return peer.doc.transact(() => {
        for (let count = 0; count < 3; count++) makeEdit(peer.doc, nextEdit());
      });
    default:
      return makeEdit(peer.doc, nextEdit());
  }
}

async function changeRole(person: Person, { harness, random }: World): Promise<void> {
  const role = ROLES[random(ROLES.length)] ?? 'admin';
  const permission = PERMISSIONS[random(PERMISSIONS.length)] ?? 'editor';
  Object.assign(person, { role, permission });
  const room = harness.rooms.peek(harness.quote);
  await room?.reassign(person.user as UserId, async (actor, name) => ({
    actor: { ...actor, role, permission },
    name,
  }));
}

async function writeOverHttp(
  { user, role, permission }: Person,
  { harness, random, nextEdit }: World,
): Promise<void> {
  const edit = nextEdit();
  const room = harness.rooms.peek(harness.quote);
  const cell = edit.kind === 'set' ? parseCellId(`${edit.root}/${edit.key}`) : null;
  if (room === null || cell === null || edit.kind !== 'set') return;
  const writing = room.write({
    actor: { user: user as UserId, role, permission },
    name: user,
    origin: 'api',
    kind: 'update',
    composition: { cells: [{ cell, value: typeof edit.value === 'string' ? edit.value : null }] },
    ...(random(2) === 0 && { base: random(room.gate.revision + 1) }),
  });
  // It is never answered where the process dies; where the log fails, a `Fault` says so.
  writing.catch((error: unknown) => expect(error).toBeInstanceOf(Fault));
}

/** Whoever was closed was closed for a reason that an honest client may meet. */
function noteCloses(people: readonly Person[]): void {
  for (const person of people) {
    const { peer } = person;
    if (peer === null || peer.closed === null) continue;
    expect([1000, 1006, 1013, 4529], peer.closed.reason).toContain(peer.closed.code);
    peer.disconnect();
    person.former = peer;
    person.peer = null;
  }
}

async function comeBack(person: Person, harness: RoomHarness): Promise<void> {
  const { user, role, permission, former } = person;
  const own = former === null ? { doc: person.doc } : { doc: former.doc, awareness: former.awareness };
  person.peer = await whileTimePasses(
    harness,
    harness.join({ user, role, permission, events: true, ...own }),
  );
}

async function whileTimePasses<T>(harness: RoomHarness, promise: Promise<T>): Promise<T> {
  let isDone = false;
  const done = promise.finally(() => (isDone = true));
  for (await harness.turn(); !isDone; await harness.turn()) harness.advance(1_000);
  return done;
}

/** Everyone is there again, and nothing moves any more. */
async function rest(harness: RoomHarness, people: readonly Person[]): Promise<void> {
  harness.crash();
  noteCloses(people);
  while (people.some(({ peer }) => peer === null)) {
    for (const person of people) if (person.peer === null) await comeBack(person, harness);
    await harness.settle();
    noteCloses(people);
    // The refusals of a day's work offline are counted for a minute.
    if (people.some(({ peer }) => peer === null)) await harness.pass(60_000);
  }
}

async function expectAgreement(harness: RoomHarness, people: readonly Person[]): Promise<void> {
  const { gate } = await harness.room();
  const structs = describeStructs(gate.doc);
  for (const { peer } of people) {
    if (peer === null) throw new Error('everyone is here');
    expect(describeStructs(peer.doc)).toEqual(structs);
    expect(acknowledged(peer)).toBe(peer.sentFrames);
  }
  for (const root of ROOTS) {
    for (const [key, value] of gate.doc.getMap(root).entries()) {
      expect(value, `the winner is shown in ${root}/${key}`).toBe(
        gate.ledger.valueOf(`${root}/${key}` as CellId),
      );
    }
  }
  expect(await findChainProblem(harness.log, harness.quote)).toBeNull();
  const whole = await loadGate({ ...harness.log, checkpoint: async () => null }, harness.quote);
  expect(whole?.gate.remember()).toEqual(gate.remember());
  expect(describeStructs(whole?.gate.doc ?? new Y.Doc())).toEqual(structs);
  expect(harness.reported.filter((error) => !(error instanceof Fault))).toEqual([]);
}

interface Random {
  /** A whole number from 0 to below `end`. */
  (end: number): number;
}

/** Mulberry32. */
function createRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1);
  return (end) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  };
}

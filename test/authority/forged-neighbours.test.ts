/** Structs whose author names neighbours that never stood side by side: what is let in means the same on every replica. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Gate, createGate } from '../../src/authority/gate.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { noActiveEdits } from '../../src/authority/active-edits.ts';
import { any, beside, forge, forgeBlock, inRoot, text } from '../support/forge.ts';
import { createStar, policyOf } from '../support/star.ts';

const NOTE = 'note/n1';
const policy = policyOf();

/** By client id: whose it is. Two people with two tabs each, and a viewer. */
const USERS = ['ann', 'bob', 'viv', 'ann', 'bob'];
const CLIENTS = [11, 22, 33, 44, 55];

function submit(
  gate: Gate,
  user: string,
  update: Uint8Array,
  kind: 'update' | 'sync' = 'update',
): ReturnType<Gate['submit']> {
  return gate.submit({
    update,
    kind,
    actor: { user: user as UserId, role: 'sales_rep', permission: user === 'viv' ? 'viewer' : 'editor' },
    seen: { kind: 'connection', revision: gate.revision },
    activeEdits: noActiveEdits,
    policy,
  });
}

/** Each clock of the text in its order, and of the cells, with what stands there. */
function describe(doc: Y.Doc): string[] {
  const lines: string[] = [];
  const add = (first: Y.Item | null): void => {
    for (let item = first; item !== null; item = item.right) {
      for (let clock = 0; clock < item.length; clock++) {
        lines.push(`${item.id.client}:${item.id.clock + clock}${item.deleted ? ' deleted' : ''}`);
      }
    }
    lines.push('end');
  };
  add(doc.getText(NOTE)._start);
  for (const [key, last] of [...doc.getMap('fields')._map].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    let first: Y.Item = last;
    while (first.left !== null) first = first.left;
    lines.push(key);
    add(first);
  }
  return lines;
}

function loaded(state: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  doc.getMap('fields');
  doc.getText(NOTE);
  Y.applyUpdate(doc, state);
  return doc;
}

interface Step {
  readonly who: number;
  readonly isCell: boolean;
  /** Clocks to stand between, counted from the front of what there is; beyond it, none. */
  readonly origin: number;
  readonly right: number;
  readonly letters: number;
  readonly deletes: number | null;
  readonly joins: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat(CLIENTS.length - 1),
  isCell: fc.boolean(),
  origin: fc.nat(14),
  right: fc.nat(14),
  letters: fc.integer({ min: 1, max: 3 }),
  deletes: fc.option(fc.nat(14), { nil: null }),
  joins: fc.boolean(),
});

function clocksIn(gate: Gate, isCell: boolean): [number, number][] {
  const { doc } = gate;
  const clocks: [number, number][] = [];
  let item = isCell ? (doc.getMap('fields')._map.get('x_a') ?? null) : doc.getText(NOTE)._start;
  while (isCell && item !== null && item.left !== null) item = item.left;
  for (; item !== null; item = item.right) {
    for (let index = 0; index < item.length; index++) clocks.push([item.id.client, item.id.clock + index]);
  }
  return clocks;
}

function forgeStep(gate: Gate, { who, isCell, origin, right, letters, deletes }: Step): Uint8Array {
  const client = CLIENTS[who] ?? 0;
  const clocks = clocksIn(gate, isCell);
  const [left, next] = [clocks[origin], isCell ? undefined : clocks[right]];
  const content = isCell ? any(`v${gate.revision}`) : text('xyz'.slice(0, letters));
  const struct =
    left === undefined && next === undefined
      ? inRoot(isCell ? 'fields' : NOTE, isCell ? 'x_a' : null, content)
      : beside({ ...(left && { origin: left }), ...(next && { right: next }) }, content);
  const dead = deletes === null ? undefined : clocks[deletes];
  return forge({
    blocks: [{ client, clock: Y.getState(gate.doc.store, client), structs: [struct] }],
    deletions: dead === undefined ? [] : [[dead[0], [[dead[1], 1]]]],
  });
}

test('[A48] [P1] whatever neighbours are forged: those who were there, late joiners and the reloaded gate agree', () => {
  let accepted = 0;
  let turnedAway = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let gate = createGate();
      submit(gate, 'bob', forgeBlock(22, 0, inRoot(NOTE, null, text('abc'))));
      const replicas = [loaded(Y.encodeStateAsUpdate(gate.doc))];
      for (const one of steps) {
        const outcome = submit(gate, USERS[one.who] ?? '', forgeStep(gate, one));
        if (outcome.kind === 'malformed') turnedAway += 1;
        if (outcome.kind !== 'judged') continue;
        accepted += 1;
        for (const replica of replicas) if (outcome.merged !== null) Y.applyUpdate(replica, outcome.merged);
        const state = Y.encodeStateAsUpdate(gate.doc);
        const expected = describe(gate.doc);
        expect(describe(loaded(state))).toEqual(expected);
        for (const replica of replicas) expect(describe(replica)).toEqual(expected);
        if (!one.joins) continue;
        replicas.push(loaded(state));
        gate = createGate({ state: Y.encodeStateAsUpdateV2(gate.doc), memory: gate.remember() });
      }
    }),
    { numRuns: 3_000 },
  );
  expect(accepted).toBeGreaterThan(5_000);
  expect(turnedAway).toBeGreaterThan(1_000);
});

test('[A48] a struct between a clock and itself is malformed', () => {
  const gate = createGate();
  submit(gate, 'bob', forgeBlock(22, 0, inRoot(NOTE, null, text('abc'))));
  const outcome = submit(
    gate,
    'ann',
    forgeBlock(11, 0, beside({ origin: [22, 1], right: [22, 1] }, text('X'))),
  );
  expect(outcome).toMatchObject({
    kind: 'malformed',
    reason: expect.stringContaining('never made') as string,
  });
});

const honestStep = fc.record({
  who: fc.nat(3),
  what: fc.constantFrom(
    'type',
    'type',
    'delete',
    'format',
    'set',
    'up',
    'up',
    'down',
    'down',
    'share',
    'return',
  ),
  at: fc.nat(20),
});

test('[A48] honest people are never turned away, nor are two tabs of one that tell each other directly', () => {
  let judged = 0;
  fc.assert(
    fc.property(fc.array(honestStep, { minLength: 30, maxLength: 80 }), fc.boolean(), (steps, isEager) => {
      const star = createStar();
      const people = ['ann', 'ann', 'bob', 'viv'].map((user, index) =>
        star.join({
          user,
          role: 'sales_rep',
          clientId: 100 + index * 7,
          ...(user === 'viv' && { permission: 'viewer' as const }),
        }),
      );
      const [tab, other] = people;
      if (tab === undefined || other === undefined) return;
      // As y-websocket does between the tabs of a browser: what is typed in one goes to the other at once.
      for (const [from, to] of [
        [tab, other],
        [other, tab],
      ] as const) {
        from.doc.on('update', (update: Uint8Array, origin: unknown) => {
          if (isEager && origin !== 'server') Y.applyUpdate(to.doc, update, 'server');
        });
      }
      for (const { who, what, at } of steps) {
        const one = people[who];
        if (one === undefined) continue;
        const note = one.doc.getText(NOTE);
        if (what === 'type') note.insert(at % (note.length + 1), 'ab'.repeat(1 + (at % 2)));
        if (what === 'delete' && note.length > 2) note.delete(at % (note.length - 1), 2);
        if (what === 'format' && note.length > 2)
          note.format(at % (note.length - 1), 2, { bold: at % 2 === 0 });
        if (what === 'set') one.doc.getMap('fields').set(`x_${at % 3}`, `${at}`);
        if (what === 'down') star.down(one);
        if (what === 'share') Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(tab.doc), 'server');
        if (what === 'return') {
          star.disconnect(one);
          star.reconnect(one);
        }
        if (what === 'up' && star.up(one)?.kind === 'gap') star.reconnect(one);
      }
      for (let round = 0; round < 3; round++) {
        star.settle();
        for (const one of people) star.reconnect(one);
      }
      star.settle();
      const outcomes = star.history.map(({ outcome }) =>
        'reason' in outcome ? outcome.reason : outcome.kind,
      );
      judged += outcomes.filter((outcome) => outcome === 'judged').length;
      expect(outcomes.filter((outcome) => !['judged', 'nothing', 'gap'].includes(outcome))).toEqual([]);
      const expected = describe(star.gate.doc);
      for (const one of people) expect(describe(one.doc)).toEqual(expected);
      expect(describe(loaded(Y.encodeStateAsUpdate(star.gate.doc)))).toEqual(expected);
    }),
    { numRuns: 1_500 },
  );
  expect(judged).toBeGreaterThan(5_000);
});

test('[A48] what two devices of one person did apart, far from each other and long, is honest', () => {
  const gate = createGate();
  const [phone, laptop] = [created(200), created(300)];
  for (let cell = 0; cell < 3_000; cell++) laptop.getMap('fields').set(`x_${cell}`, '1');
  for (let line = 0; line < 25; line++) laptop.getText(NOTE).insert(0, 'line\n');
  phone.getText(NOTE).insert(0, 'note');
  expect(submit(gate, 'ann', Y.encodeStateAsUpdate(phone)).kind).toBe('judged');
  expect(submit(gate, 'ann', Y.encodeStateAsUpdate(laptop), 'sync').kind).toBe('judged');
});

test('[A48] an earlier value of a cell says nothing of what its author saw later', () => {
  const gate = createGate();
  const [tab, other, bob] = [created(300), created(200), created(400)];
  bob.getText(NOTE).insert(0, 'ab');
  const first = submit(gate, 'bob', Y.encodeStateAsUpdate(bob));
  for (const doc of [tab, other]) Y.applyUpdate(doc, mergedOf(first));
  // One tab, whose edits are not sent any more, tells another of its first value, but not of what it is sent.
  tab.getMap('fields').set('x_c', '1');
  Y.applyUpdate(other, Y.encodeStateAsUpdate(tab));
  for (const edit of [
    () => bob.getText(NOTE).insert(1, 'X'),
    () => void bob.getMap('fields').set('x_c', 'bob'),
  ]) {
    edit();
    const outcome = submit(gate, 'bob', Y.encodeStateAsUpdate(bob, Y.encodeStateVector(gate.doc)));
    Y.applyUpdate(tab, mergedOf(outcome));
  }
  tab.getMap('fields').set('x_c', '2');
  other.getMap('fields').set('x_c', '1b');
  other.getText(NOTE).insert(1, 'Y');
  for (const doc of [tab, other]) {
    const update = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(gate.doc));
    expect(submit(gate, 'ann', update, 'sync').kind).toBe('judged');
  }
});

function created(client: number): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = client;
  return doc;
}

function mergedOf(outcome: ReturnType<Gate['submit']>): Uint8Array {
  if (outcome.kind !== 'judged' || outcome.merged === null) throw new Error(outcome.kind);
  return outcome.merged;
}

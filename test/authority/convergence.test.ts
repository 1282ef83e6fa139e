import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { viewOf } from '../../src/authority/active-edits.ts';
import { createGate } from '../../src/authority/gate.ts';
import { PERMISSIONS } from '../../src/authority/role.ts';
import { type Edit, arbitraryEdit, arbitraryRole, makeEdit } from '../support/edits.ts';
import { type Replica, type Star, createStar, describeStructs, jsonOfDoc } from '../support/star.ts';

type Step =
  | { readonly kind: 'edit'; readonly who: number; readonly edits: readonly Edit[] }
  | { readonly kind: 'up' | 'down' | 'disconnect' | 'reconnect'; readonly who: number };

const who = fc.nat(3);
const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      who,
      edits: fc.array(arbitraryEdit, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('up' as const), who }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('down' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('disconnect' as const, 'reconnect' as const), who }) },
);

const arbitraryPeople = fc.array(
  fc.record({
    role: arbitraryRole,
    permission: fc.oneof(
      { weight: 5, arbitrary: fc.constant('editor' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...PERMISSIONS) },
    ),
    /** Times 4, plus the person's number: all different, up to the highest that is allowed. */
    clientId: fc.integer({ min: 1, max: 1_073_741_822 }),
  }),
  { minLength: 4, maxLength: 4 },
);

function run(star: Star, steps: readonly Step[], afterStep: () => void): void {
  for (const step of steps) {
    const replica = star.replicas[step.who];
    if (replica === undefined) continue;
    take(star, replica, step);
    afterStep();
  }
  for (const replica of star.replicas) if (!replica.isOnline) star.reconnect(replica);
  star.settle();
  afterStep();
}

function take(star: Star, replica: Replica, step: Step): void {
  switch (step.kind) {
    case 'edit':
      replica.doc.transact(() => {
        for (const edit of step.edits) makeEdit(replica.doc, edit);
      });
      return;
    case 'up':
      star.up(replica);
      return;
    case 'down':
      star.down(replica);
      return;
    case 'disconnect':
      star.disconnect(replica);
      return;
    case 'reconnect':
      if (!replica.isOnline) star.reconnect(replica);
      return;
  }
}

const arbitraryRun = fc.record({
  people: arbitraryPeople,
  steps: fc.array(arbitraryStep, { minLength: 5, maxLength: 60 }),
});

const createRun = (people: readonly { role: never; permission: never; clientId: number }[]): Star => {
  const star = createStar();
  for (const [index, person] of people.entries()) {
    star.join({ ...person, user: `u${index}`, clientId: person.clientId * 4 + index, gc: index !== 3 });
  }
  return star;
};

/** Each cell shows the winner that the ledger names. */
function expectWinners(star: Star): void {
  for (const { cell, standing } of star.gate.ledger.remember().cells) {
    const [root = '', ...rest] = cell.split('/');
    const shown = star.gate.doc.getMap(root).get(rest.join('/')) ?? null;
    expect(shown, cell).toBe(standing[3]);
  }
}

test('[P1] all replicas converge, struct by struct', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people as never);
      run(star, steps, () => undefined);
      const structs = describeStructs(star.gate.doc);
      for (const { doc } of star.replicas) {
        expect(jsonOfDoc(doc)).toEqual(jsonOfDoc(star.gate.doc));
        expect(describeStructs(doc)).toEqual(structs);
        expect(Y.equalDeleteSets(Y.createDeleteSetFromStructStore(doc.store), Y.createDeleteSetFromStructStore(star.gate.doc.store))).toBe(true);
        expect(doc.store.pendingStructs).toBeNull();
      }
      expect(star.history.every(({ outcome }) => outcome.kind === 'judged' || outcome.kind === 'nothing')).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('[P2] each cell shows its winner after every step, and refused values are in nothing that is sent', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people as never);
      run(star, steps, () => expectWinners(star));
      for (const { outcome } of star.history) {
        if (outcome.kind === 'judged' && outcome.merged !== null) expect(holdsCanary(outcome.merged)).toBe(false);
      }
      expect(holdsCanary(Y.encodeStateAsUpdate(star.gate.doc))).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

const holdsCanary = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes('CANARY');

test('[P4] an update delivered again changes nothing', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people as never);
      run(star, steps, () => {
        const last = star.history.at(-1);
        if (last === undefined) return;
        const before = Y.encodeStateAsUpdate(star.gate.doc);
        expect(star.gate.submit(last.submission).kind).toBe('nothing');
        expect(Y.encodeStateAsUpdate(star.gate.doc)).toEqual(before);
      });
    }),
    { numRuns: 500 },
  );
});

test('[A40] the same submissions decided again give the same verdicts and bytes', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people as never);
      run(star, steps, () => undefined);
      const again = createGate();
      for (const { submission, outcome } of star.history) {
        const activeEdits = viewOf(outcome.kind === 'judged' ? outcome.activeEdits : []);
        expect(again.submit({ ...submission, activeEdits })).toEqual(outcome);
      }
      expect(again.remember()).toEqual(star.gate.remember());
    }),
    { numRuns: 300 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { noActiveEdits } from '../../src/authority/active-edits.ts';
import { type Gate, type GateMemory, type Submission, createGate } from '../../src/authority/gate.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { policyOf } from '../support/star.ts';

const PEOPLE = 4;
const policy = policyOf();
const userOf = (who: number): UserId => `u${who}` as UserId;

const arbitraryStep = fc.record({
  who: fc.nat(PEOPLE - 1),
  kind: fc.constantFrom('type', 'type', 'delete', 'bold', 'cell', 'send', 'send', 'take', 'reload'),
  at: fc.nat(200),
  length: fc.integer({ min: 1, max: 5 }),
});

/** Puts a gate to sleep as a checkpoint does, and wakes it. */
function reload(gate: Gate): Gate {
  const memory = JSON.parse(JSON.stringify(gate.remember())) as GateMemory;
  return createGate({ state: Y.encodeStateAsUpdateV2(gate.doc), memory });
}

test('[A41] [A10] a gate that comes back from a checkpoint merges notes byte by byte as one that never stopped, and counts the same steps', () => {
  let counted = 0;
  fc.assert(
    fc.property(fc.array(arbitraryStep, { minLength: 50, maxLength: 200 }), (steps) => {
      const live = createGate();
      let woken = createGate();
      const docs = Array.from({ length: PEOPLE }, (_, index) => {
        const doc = new Y.Doc();
        doc.clientID = 10 + index;
        return doc;
      });
      for (const { who, kind, at, length } of steps) {
        const doc = docs[who] ?? expect.unreachable('one of them');
        const note = doc.getText('note/n1');
        const from = at % (note.length + 1);
        if (kind === 'type') note.insert(from, 'abcde'.slice(0, length));
        if (kind === 'delete') note.delete(from, Math.min(length, note.length - from));
        if (kind === 'bold') note.format(from, Math.min(length, note.length - from), { bold: at % 2 === 0 });
        if (kind === 'cell') doc.getMap('fields').set('title', `${at}`);
        if (kind === 'take') Y.applyUpdate(doc, Y.encodeStateAsUpdate(live.doc));
        if (kind === 'reload') woken = reload(woken);
        if (kind !== 'send') continue;
        const update = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(live.doc));
        const submission: Submission = {
          update,
          kind: 'sync',
          actor: { user: userOf(who), role: 'sales_rep', permission: who === 0 ? 'viewer' : 'editor' },
          seen: { kind: 'connection', revision: 0 },
          activeEdits: noActiveEdits,
          policy,
        };
        expect(woken.submit(submission)).toEqual(live.submit(submission));
      }
      expect(woken.remember()).toEqual(live.remember());
      for (let who = 0; who < PEOPLE; who++) counted += live.ledger.mergeSteps(userOf(who));
    }),
    { numRuns: 100 },
  );
  expect(counted).toBeGreaterThan(1_000);
});

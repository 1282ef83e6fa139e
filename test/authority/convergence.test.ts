import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { viewOf } from '../../src/authority/active-edits.ts';
import { type Submission, createGate } from '../../src/authority/gate.ts';
import { arbitraryRun, createRun, run } from '../support/random-run.ts';
import { expectWinners } from '../support/scene.ts';
import { describeStructs, jsonOfDoc } from '../support/star.ts';

test('[P1] all replicas converge, struct by struct', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      run(star, steps);
      const structs = describeStructs(star.gate.doc);
      for (const { doc } of star.replicas) {
        expect(jsonOfDoc(doc)).toEqual(jsonOfDoc(star.gate.doc));
        expect(describeStructs(doc)).toEqual(structs);
        expect(
          Y.equalDeleteSets(
            Y.createDeleteSetFromStructStore(doc.store),
            Y.createDeleteSetFromStructStore(star.gate.doc.store),
          ),
        ).toBe(true);
        expect(doc.store.pendingStructs).toBeNull();
      }
      expect(
        star.history.every(({ outcome }) => outcome.kind === 'judged' || outcome.kind === 'nothing'),
      ).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('[P2] each cell shows its winner after every step, and refused values are in nothing that is sent', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      run(star, steps, () => expectWinners(star));
      for (const { outcome } of star.history) {
        if (outcome.kind === 'judged' && outcome.merged !== null)
          expect(holdsCanary(outcome.merged)).toBe(false);
      }
      const late = star.join({ user: 'late', role: 'sales_rep', permission: 'viewer' });
      const step2 = late.inbox.at(-1)?.update ?? new Uint8Array();
      expect(holdsCanary(step2)).toBe(false);
      star.settle();
      expect(jsonOfDoc(late.doc)).toEqual(jsonOfDoc(star.gate.doc));
    }),
    { numRuns: 1_000 },
  );
});

const holdsCanary = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes('CANARY');

test('[P4] an update delivered again, by itself, with others or in part, changes nothing', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      const expectNothing = (submission: Submission): void => {
        const before = Y.encodeStateAsUpdate(star.gate.doc);
        for (const kind of ['update', 'sync'] as const) {
          expect(star.gate.submit({ ...submission, kind }).kind).toBe('nothing');
        }
        expect(Y.encodeStateAsUpdate(star.gate.doc)).toEqual(before);
      };
      run(star, steps, () => {
        const last = star.history.at(-1);
        if (last !== undefined) expectNothing(last.submission);
      });
      for (const { person } of star.replicas) {
        const own = star.history.filter(({ submission }) => submission.actor.user === person.user);
        const last = own.at(-1)?.submission;
        if (last === undefined) continue;
        const merged = Y.mergeUpdates(own.map(({ submission }) => submission.update));
        expectNothing({ ...last, update: merged });
        const half = new Map(
          [...Y.decodeStateVector(Y.encodeStateVectorFromUpdate(merged))].map(([client, clock]) => [
            client,
            clock >> 1,
          ]),
        );
        expectNothing({ ...last, update: Y.diffUpdate(merged, encodeStateVector(half)) });
      }
    }),
    { numRuns: 250 },
  );
});

const encodeStateVector = (clocks: ReadonlyMap<number, number>): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, clocks.size);
    for (const entry of clocks) for (const number of entry) encoding.writeVarUint(encoder, number);
  });

test('[A40] the same submissions decided again give the same verdicts and bytes', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      run(star, steps);
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

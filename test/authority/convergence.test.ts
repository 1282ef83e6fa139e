import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { viewOf } from '../../src/authority/active-edits.ts';
import { type Gate, type Submission, createGate } from '../../src/authority/gate.ts';
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
      const expectNothing = (submission: Submission, synced: readonly Submission[]): void => {
        const before = Y.encodeStateAsUpdate(star.gate.doc);
        const kinds = isNewsWhenLive(star.gate, submission, synced) ? ['sync' as const] : KINDS;
        for (const kind of kinds) expect(star.gate.submit({ ...submission, kind }).kind).toBe('nothing');
        expect(Y.encodeStateAsUpdate(star.gate.doc)).toEqual(before);
      };
      run(star, steps, () => {
        const last = star.history.at(-1)?.submission;
        if (last !== undefined) expectNothing(last, last.kind === 'sync' ? [last] : []);
      });
      for (const { doc, person } of star.replicas) {
        const own = star.history
          .map(({ submission }) => submission)
          .filter(({ actor }) => actor.user === person.user);
        const synced = own.filter(({ kind }) => kind === 'sync');
        const last = own.at(-1);
        if (last === undefined) continue;
        const merged = Y.mergeUpdates(own.map(({ update }) => update));
        expectNothing({ ...last, update: merged }, synced);
        const half = new Map(
          [...Y.decodeStateVector(Y.encodeStateVectorFromUpdate(merged))].map(([client, clock]) => [
            client,
            clock >> 1,
          ]),
        );
        expectNothing({ ...last, update: Y.diffUpdate(merged, encodeStateVector(half)) }, synced);
        // Nor does all that a replica knows: a page sends it that is connected before it has loaded what it kept.
        expectNothing({ ...last, update: Y.encodeStateAsUpdate(doc) }, []);
      }
    }),
    { numRuns: 250 },
  );
});

const KINDS = ['update', 'sync'] as const;

/**
 * [A16] A sync step 2 does not say when its author deleted something. Sent again as a live update it does, and that is new
 * where it deletes what an alias has replaced, in the name of somebody who was not refused it.
 */
function isNewsWhenLive(gate: Gate, { actor }: Submission, synced: readonly Submission[]): boolean {
  const deleted = Y.mergeDeleteSets(synced.map(({ update }) => Y.decodeUpdate(update).ds));
  return gate
    .remember()
    .ledger.cells.filter(({ standing: [, , , value] }) => value !== null)
    .flatMap(({ replaced }) => replaced)
    .filter(({ deletersRefused }) => !deletersRefused.includes(actor.user))
    .some(({ client, clock }) => Y.isDeleted(deleted, Y.createID(client, clock)));
}

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

import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { makeEdit } from '../support/edits.ts';
import { arbitraryRun, createRun, run } from '../support/random-run.ts';
import { expectConverged, expectWinners, set } from '../support/scene.ts';

/**
 * Honest updates with bytes flipped, put in and taken out. Whatever comes out of it is either refused as a whole, or the
 * document and what the gate knows of it agree. The gate never throws, and nobody else notices.
 */
type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly byte: number }
  | { readonly kind: 'insert'; readonly at: number; readonly byte: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'copy'; readonly at: number; readonly length: number };

const at = fc.nat(2_000);
const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x84, 0x88, 0xa8, 0x28));
const arbitraryDamage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('flip' as const), at, byte }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('insert' as const), at, byte }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), at, length: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('copy' as const), at, length: fc.integer({ min: 1, max: 12 }) }),
  },
);

function damage(bytes: Uint8Array, damages: readonly Damage[]): Uint8Array {
  let all = [...bytes];
  for (const one of damages) {
    const index = one.at % Math.max(1, all.length);
    if (one.kind === 'flip') all = all.toSpliced(index, 1, one.byte);
    else if (one.kind === 'insert') all = all.toSpliced(index, 0, one.byte);
    else if (one.kind === 'cut') all = all.toSpliced(index, one.length);
    else all = all.toSpliced(index, 0, ...all.slice(index, index + one.length));
  }
  return Uint8Array.from(all);
}

const arbitraryFuzz = fc.record({
  start: arbitraryRun,
  edits: arbitraryRun,
  damages: fc.array(fc.array(arbitraryDamage, { minLength: 1, maxLength: 3 }), {
    minLength: 12,
    maxLength: 12,
  }),
  kinds: fc.array(fc.constantFrom('update' as const, 'sync' as const), { minLength: 12, maxLength: 12 }),
});

test('[P11] damaged updates are refused, or the model and the document agree', () => {
  const met = new Map<string, number>();
  fc.assert(
    fc.property(arbitraryFuzz, ({ start, edits, damages, kinds }) => {
      const star = createRun(start.people);
      run(star, start.steps);
      const honest = star.replicas.slice(0, 4);
      const fuzzer = star.join({ user: 'fuzzer', role: start.people[0]?.role ?? 'admin', clientId: 1 });
      star.settle();

      const made = edits.steps.flatMap((step) => (step.kind === 'edit' ? step.edits : []));
      for (const [index, bits] of damages.entries()) {
        const edit = made[index % Math.max(1, made.length)];
        if (edit === undefined) continue;
        const doc = new Y.Doc();
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(star.gate.doc));
        doc.clientID = 1 + (index % 2);
        const before = Y.encodeStateVector(doc);
        makeEdit(doc, edit);
        fuzzer.outbox.push({
          kind: kinds[index] ?? 'update',
          update: damage(Y.encodeStateAsUpdate(doc, before), bits),
          seen: star.gate.revision,
        });
        const outcome = star.up(fuzzer);
        met.set(outcome?.kind ?? 'none', (met.get(outcome?.kind ?? 'none') ?? 0) + 1);
        expectWinners(star);
        expect(star.gate.doc.store.pendingStructs).toBeNull();
      }

      star.disconnect(fuzzer);
      star.settle();
      for (const replica of honest) {
        set(replica, 'fields/title', `by ${replica.person.user}`);
        const outcome = star.up(replica);
        const isViewer = replica.person.permission === 'viewer';
        expect(outcome).toMatchObject({ verdicts: [{ verdict: isViewer ? 'refused' : 'accepted' }] });
        star.settle();
      }
      const late = star.join({ user: 'late', role: 'admin', clientId: 3 });
      star.settle();
      expectConverged(star, [...honest, late]);
    }),
    { numRuns: 500 },
  );
  // It is no fuzz if none of it gets anywhere.
  const rare = ['malformed', 'gap', 'judged'].filter((kind) => (met.get(kind) ?? 0) < 20);
  expect(rare).toEqual([]);
}, 60_000);

test('[P11] bytes at random never make the gate throw', () => {
  const star = createRun([]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (update) => {
      const outcome = star.gate.submit({
        update,
        kind: 'update',
        actor: { user: 'fuzzer' as never, role: 'admin', permission: 'editor' },
        seen: { kind: 'connection', revision: 0 },
        activeEdits: { on: () => [], inRow: () => [] },
        policy: star.policy,
      });
      expect(['malformed', 'gap', 'nothing', 'judged']).toContain(outcome.kind);
    }),
    { numRuns: 20_000 },
  );
  expectWinners(star);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { present } from '../../src/lib/assert.ts';
import { noteRootName, parseCellId } from '../../src/quote/cell.ts';
import { planRestore } from '../../src/quote/plan-restore.ts';
import { readSnapshot } from '../../src/quote/snapshot.ts';
import { arbitraryRun, createRun, run } from '../support/random-run.ts';
import type { Star } from '../support/star.ts';

const ALL = { removed: true };

/** An admin who has seen everything takes the quote back to `then`, in one transaction. */
function restore(star: Star, then: ReturnType<typeof readSnapshot>): number {
  const { doc } = star.join({ user: 'restorer', role: 'admin', clientId: 3_000_000_000 });
  star.settle();
  const { steps, texts } = planRestore(readSnapshot(doc, ALL), then);
  doc.transact(() => {
    for (const { cell, to } of steps) {
      const { root, key } = present(parseCellId(cell), `${cell} is a cell`);
      doc.getMap(root).set(key, to);
    }
    for (const { note, to } of texts) {
      const text: Y.Text = doc.getText(noteRootName(note));
      text.delete(0, text.length);
      text.insert(0, to);
    }
  });
  star.settle();
  return steps.length + texts.length;
}

test('whatever four people did since, an admin takes the quote back through the gate, and all replicas agree', () => {
  let restored = 0;
  fc.assert(
    fc.property(arbitraryRun, fc.nat(60), ({ people, steps }, cut) => {
      const star = createRun(people);
      star.replicas[0]?.doc.getMap('notes').set('n1/position', 'a0');
      run(star, steps.slice(0, cut));
      const [then, seenThen] = [readSnapshot(star.gate.doc, ALL), readSnapshot(star.gate.doc)];
      run(star, steps.slice(cut));
      const before = star.history.length;
      const count = restore(star, then);
      restored += count > 0 ? 1 : 0;
      const made = star.history.slice(before).map(({ outcome }) => outcome);
      for (const outcome of made) {
        expect(['judged', 'nothing']).toContain(outcome.kind);
        if (outcome.kind === 'judged')
          expect(outcome.verdicts.filter(({ verdict }) => verdict !== 'accepted')).toEqual([]);
      }
      expect(readSnapshot(star.gate.doc)).toEqual(seenThen);
      for (const { doc } of star.replicas) expect(readSnapshot(doc)).toEqual(seenThen);
    }),
    { numRuns: 80 },
  );
  expect(restored).toBeGreaterThan(10);
});

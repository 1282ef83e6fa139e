import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { findProblemInBytes } from '../../src/authority/scan-update.ts';
import { decodeUpdate, encodeUpdate } from '../../src/authority/update-codec.ts';
import { arbitraryRun, createRun, run } from '../support/random-run.ts';

test('[A1] whatever honest clients send gets through, whole and one byte shorter or longer', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      run(star, steps);
      for (const { submission } of star.history) {
        expect(findProblemInBytes(submission.update)).toBeNull();
        expect(decodeUpdate(submission.update.slice(0, -1)).ok).toBe(false);
        expect(decodeUpdate(Uint8Array.of(...submission.update, 0)).ok).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});

test('[A1] it reads bytes as Yjs does: what it lets through, Yjs decodes to its end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      let problem: string | null;
      try {
        problem = findProblemInBytes(bytes);
      } catch {
        problem = 'ends early';
      }
      if (problem === null) expect(() => Y.decodeUpdate(bytes)).not.toThrow(RangeError);
    }),
    { numRuns: 20_000 },
  );
});

test('[A33] an update encoded anew is the same update', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      run(star, steps);
      const state = Y.encodeStateAsUpdate(star.gate.doc);
      const raw = decodeUpdate(state);
      if (!raw.ok) throw new Error(raw.reason);
      const items = raw.value.structs.filter((struct) => struct instanceof Y.Item);
      const again = encodeUpdate(
        items.map((item) => ({ item, offset: 0 })),
        raw.value.deletions,
      );
      const doc = new Y.Doc();
      Y.applyUpdate(doc, again);
      expect(Y.encodeStateAsUpdate(doc)).toEqual(state);
    }),
    { numRuns: 200 },
  );
});

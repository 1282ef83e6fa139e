import { beforeEach, describe, expect, test } from 'vitest';
import type { HeadLeaf } from '../../src/log/head-tree.ts';
import type { Heads, StoredHead } from '../../src/log/heads.ts';
import { quoteId } from '../support/build-entry.ts';

const head = (n: number): StoredHead => ({ n, at: 1_000 * n, note: `head ${n}\n\n— name AAAA\n` });
const leaf = (quote: string, seq: number): HeadLeaf => ({
  quote: quoteId(quote),
  seq,
  hash: new Uint8Array(32).fill(seq),
});

/** What every store of signed heads keeps to. */
export function describeHeadsContract(adapter: string, create: () => Heads): void {
  describe(`${adapter} as a store of signed heads`, () => {
    let heads: Heads;

    beforeEach(() => {
      heads = create();
    });

    test('[L55] the newest head comes back as it was; before the first there is none', async () => {
      expect(await heads.newest()).toBeNull();
      expect(await heads.leaves(1)).toEqual([]);
      await heads.append(head(1), []);
      await heads.append(head(2), [leaf('q1', 1)]);
      expect(await heads.newest()).toStrictEqual(head(2));
    });

    test('[L55] a head covers the newest leaf of each quote up to it, in the order of their ids', async () => {
      await heads.append(head(1), [leaf('q2', 1), leaf('Q', 4)]);
      await heads.append(head(2), []);
      await heads.append(head(3), [leaf('q1', 2), leaf('q2', 3)]);
      expect(await heads.leaves(1)).toStrictEqual([leaf('Q', 4), leaf('q2', 1)]);
      expect(await heads.leaves(2)).toStrictEqual([leaf('Q', 4), leaf('q2', 1)]);
      expect(await heads.leaves(3)).toStrictEqual([leaf('Q', 4), leaf('q1', 2), leaf('q2', 3)]);
    });

    test('[L56] a head that is not the next one is refused, and nothing of it is stored', async () => {
      await heads.append(head(1), [leaf('q1', 1)]);
      for (const n of [1, 3]) {
        await expect(heads.append(head(n), [leaf('q1', 2)])).rejects.toMatchObject({ code: 'heads_fenced' });
      }
      expect(await heads.newest()).toStrictEqual(head(1));
      expect(await heads.leaves(3)).toStrictEqual([leaf('q1', 1)]);
    });
  });
}

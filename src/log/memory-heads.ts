import type { QuoteId } from '../lib/ids.ts';
import type { HeadLeaf } from './head-tree.ts';
import { type Heads, type StoredHead, headsFenced } from './heads.ts';

/** Signed heads in memory, for tests: all rules of the port, kept until the process ends. */
export function createMemoryHeads(): Heads {
  const stored: { readonly head: StoredHead; readonly changed: readonly HeadLeaf[] }[] = [];

  return {
    async append(head, changed) {
      if (head.n !== stored.length + 1) throw headsFenced(head.n);
      stored.push({ head, changed });
    },
    newest: async () => stored.at(-1)?.head ?? null,
    async leaves(n) {
      const leaves = new Map<QuoteId, HeadLeaf>();
      for (const { changed } of stored.slice(0, n)) {
        for (const leaf of changed) leaves.set(leaf.quote, leaf);
      }
      return [...leaves.values()].toSorted((a, b) => (a.quote < b.quote ? -1 : 1));
    },
  };
}

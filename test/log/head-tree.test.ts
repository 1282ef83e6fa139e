import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HeadLeaf, createHeadTree, leafLine, rootOfLines } from '../../src/log/head-tree.ts';
import { quoteId } from '../support/build-entry.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The inputs and roots that came with the reference implementation of Certificate Transparency; all inputs are ASCII. */
const INPUTS = ['', '\0', '\x10', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** Section 2.1 of RFC 6962, word for word. */
function treeHash(lines: readonly string[]): Buffer {
  const sha256 = (...parts: (Uint8Array | string)[]): Buffer => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const [first] = lines;
  if (first === undefined) return sha256();
  if (lines.length === 1) return sha256('\0', first);
  let split = 1;
  while (split * 2 < lines.length) split *= 2;
  return sha256('\u0001', treeHash(lines.slice(0, split)), treeHash(lines.slice(split)));
}

const leafOf = (quote: string, seq: number): HeadLeaf => ({
  quote: quoteId(quote),
  seq,
  hash: createHash('sha256').update(`${quote} ${seq}`).digest(),
});

describe('[L50] the root over some leaves', () => {
  test.each(ROOTS.map((root, count) => [count, root] as const))(
    '%i leaves of the reference',
    (count, root) => {
      expect(hex(rootOfLines(INPUTS.slice(0, count)))).toBe(root);
    },
  );

  test('is the tree hash of the RFC for any number of them', () => {
    for (let count = 0; count <= 70; count++) {
      const lines = Array.from({ length: count }, (_, at) => `line ${at}`);
      expect(hex(rootOfLines(lines))).toBe(hex(treeHash(lines)));
    }
  });
});

test('[L51] a leaf is one line that names quote, entry and hash', () => {
  const leaf = { quote: quoteId('q-1_A'), seq: 52, hash: new Uint8Array(32).fill(0xab) };
  expect(leafLine(leaf)).toBe(`["q-1_A",52,"${'ab'.repeat(32)}"]`);
});

test('[L52] a kept tree has the root of its newest leaves in the order of the quotes, however they came', async () => {
  const change = fc.record({
    quote: fc.stringMatching(/^[A-Za-z0-9_-]{1,3}$/),
    seq: fc.integer({ min: 1, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 12 }), async (rounds) => {
      const tree = createHeadTree();
      const newest = new Map<string, HeadLeaf>();
      for (const round of rounds) {
        for (const { quote, seq } of round) {
          const leaf = leafOf(quote, seq);
          tree.put(leaf);
          newest.set(quote, leaf);
        }
        const inOrder = [...newest.values()].toSorted((a, b) =>
          Buffer.compare(Buffer.from(a.quote), Buffer.from(b.quote)),
        );
        expect(hex(await tree.root())).toBe(hex(treeHash(inOrder.map(leafLine))));
        expect(tree.size).toBe(newest.size);
      }
    }),
    { numRuns: 60 },
  );
});

test('[L52] a new leaf among very many leaves others their turn, and the root is the same', async () => {
  const tree = createHeadTree();
  const leaves = Array.from({ length: 3_000 }, (_, at) => leafOf(`q${10_000 + at}`, 1));
  for (const leaf of leaves) tree.put(leaf);
  expect(hex(await tree.root())).toBe(hex(rootOfLines(leaves.map(leafLine))));
  tree.put(leafOf('q10001', 2));
  tree.put(leafOf('q0', 1));
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  const root = await tree.root();
  clearImmediate(next);
  expect(turns).toBeGreaterThan(3);
  const now = [leafOf('q0', 1), ...leaves.with(1, leafOf('q10001', 2))];
  expect(hex(root)).toBe(hex(rootOfLines(now.map(leafLine))));
});

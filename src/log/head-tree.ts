import { hash as digest } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { present } from '../lib/assert.ts';
import type { QuoteId } from '../lib/ids.ts';

/**
 * The tree whose root a signed head names: one leaf for each quote, its newest entry, in the order of the quotes' ids. Since an
 * entry's hash covers all entries before it, the root covers the whole log up to those entries. This comment is
 * the specification:
 *
 *     leaf       the UTF-8 of the line ["QUOTE",SEQ,"HASH"]: the quote's id, the number of its newest entry, that
 *                entry's hash as 64 digits of lower-case hex; JSON without white space, without an end of line
 *     order      by the bytes of the quote's id
 *     root       the Merkle tree hash of RFC 6962, section 2.1, with SHA-256: a leaf is hashed after one byte 0, two nodes
 *                after one byte 1, n leaves are split at the largest power of two below n, the root of no leaves is
 *                the hash of nothing
 */
export interface HeadLeaf {
  readonly quote: QuoteId;
  readonly seq: number;
  readonly hash: Uint8Array;
}

export const leafLine = ({ quote, seq, hash }: HeadLeaf): string =>
  `["${quote}",${seq},"${Buffer.from(hash).toString('hex')}"]`;

/**
 * A tree that is kept: a root after a few changes costs the paths above the changed leaves. A new leaf moves those after it, and
 * the nodes above all of these are made again; with very many quotes that is done in slices, so that edits go on between them.
 */
export interface HeadTree {
  readonly size: number;
  /** Adds the leaf of a quote, or puts it in the place of its former one. Not while a root is waited for. */
  put(leaf: HeadLeaf): void;
  root(): Promise<Uint8Array>;
}

/** The hashes of the leaves, then those of each level above them, up to the root. */
type Levels = [Uint8Array[], ...Uint8Array[][]];

/** About a millisecond of work. */
const NODES_AT_ONCE = 500;

export function createHeadTree(): HeadTree {
  const quotes: QuoteId[] = [];
  const levels: Levels = [[]];
  const [leaves] = levels;
  let changed = new Set<number>();
  /** The first leaf that is new or was moved by a new one; infinite without any. */
  let movedFrom = Infinity;

  return {
    get size() {
      return quotes.length;
    },
    put(leaf) {
      const at = placeOf(quotes, leaf.quote);
      if (quotes[at] === leaf.quote) {
        leaves[at] = hashOfLeaf(leafLine(leaf));
        changed.add(at);
        return;
      }
      quotes.splice(at, 0, leaf.quote);
      leaves.splice(at, 0, hashOfLeaf(leafLine(leaf)));
      movedFrom = Math.min(movedFrom, at);
    },
    async root() {
      if (movedFrom === Infinity) refresh(levels, changed);
      else for (const _slice of rebuild(levels, Math.min(movedFrom, ...changed))) await nextTurn();
      movedFrom = Infinity;
      changed = new Set();
      return levels.at(-1)?.[0] ?? sha256(new Uint8Array());
    },
  };
}

/** The root over these leaves, given as their lines in order. */
export function rootOfLines(lines: readonly string[]): Uint8Array {
  const levels = levelsOf(lines);
  return levels.at(-1)?.[0] ?? sha256(new Uint8Array());
}

/** For each of these leaves, by its place, its inclusion proof: the audit path of RFC 6962, section 2.1.1. */
export function proofsOfLines(lines: readonly string[]): (at: number) => Uint8Array[] {
  const levels = levelsOf(lines);
  return (at) => levels.slice(0, -1).flatMap((level, height) => level[(at >> height) ^ 1] ?? []);
}

function levelsOf(lines: readonly string[]): Levels {
  const levels: Levels = [lines.map(hashOfLeaf)];
  for (const _slice of rebuild(levels, 0));
  return levels;
}

/**
 * Makes all nodes again that stand above leaves from `first` on, and stops for a moment now and then.
 *
 * Pairs from the left, level by level, where a node without a partner goes up as it is: that splits at the largest power of two
 * everywhere, as the RFC asks.
 */
function* rebuild(levels: Levels, first: number): Generator<void> {
  let [below] = levels;
  let [height, from, made] = [1, first, 0];
  for (; below.length > 1; height++) {
    const level: Uint8Array[] = (levels[height] ??= []);
    level.length = (below.length + 1) >> 1;
    from >>= 1;
    for (let at = from; at < level.length; at++) {
      level[at] = parentOf(below, at * 2);
      if (++made % NODES_AT_ONCE === 0) yield;
    }
    below = level;
  }
  levels.length = height;
}

function refresh(levels: Uint8Array[][], changedLeaves: ReadonlySet<number>): void {
  let changed = changedLeaves;
  for (let height = 1; height < levels.length; height++) {
    const [level, below] = [levels[height], levels[height - 1]];
    const above = new Set<number>();
    for (const at of changed) above.add(at >> 1);
    for (const at of above) {
      if (level !== undefined && below !== undefined) level[at] = parentOf(below, at * 2);
    }
    changed = above;
  }
}

function parentOf(level: readonly Uint8Array[], at: number): Uint8Array {
  const left = present(level[at], 'a node above stands for nodes below');
  const right = level[at + 1];
  return right === undefined ? left : hashOfNodes(left, right);
}

const pair = new Uint8Array(65);
pair[0] = 1;

function hashOfNodes(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1);
  pair.set(right, 33);
  return sha256(pair);
}

const hashOfLeaf = (line: string): Uint8Array => sha256(Buffer.from(`\0${line}`, 'utf8'));

/** In one call: half the price of an object for each hash. */
const sha256 = (bytes: Uint8Array): Uint8Array => digest('sha256', bytes, 'buffer');

/** Where the quote is in the ordered list, or where it belongs. */
function placeOf(quotes: readonly QuoteId[], quote: QuoteId): number {
  let [low, high] = [0, quotes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((quotes[middle] ?? quote) < quote) low = middle + 1;
    else high = middle;
  }
  return low;
}

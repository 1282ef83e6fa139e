import * as Y from 'yjs';
import type { IncomingItem, IncomingUpdate, ReadContext } from './incoming-update.ts';
import type { StructId } from './cell-record.ts';
import { FORKS_PER_CELL_MAX, SPARE_TEXTS_MAX, SPLITS_MAX, TEXT_STEPS_MAX } from './update-bounds.ts';

/** So few structs of a text are placed in no time, however long it is. */
const FEW = 12;
/** Structs of others that may have come between two neighbours meanwhile. */
const NEAR = 64;

/**
 * Finds structure that is well formed but would take Yjs very long to merge, here and in every replica. Yjs places a
 * struct by a search through those that were made at the same place without knowing of each other, so whoever makes
 * thousands of those at one place makes the search quadratic. No editing by hand does.
 */
export function findCostlyStructure(
  update: IncomingUpdate,
  { doc, notesMax }: Pick<ReadContext, 'doc' | 'notesMax'>,
): string | null {
  if (countForks(update.items) > FORKS_PER_CELL_MAX) return 'too many branches of one cell';
  if (countSplits(update) > SPLITS_MAX) return 'too many cuts through texts';
  const texts = groupByText(update.items);
  const added = [...texts.keys()].filter((root) => !doc.share.has(root)).length;
  if (added > 0 && doc.share.size + added > notesMax + SPARE_TEXTS_MAX) return 'texts of too many notes';
  for (const [root, own] of texts) {
    if (own.length > FEW && isSlowText(own, doc.share.get(root), doc)) return 'too many branches of one text';
  }
  return null;
}

/** The highest number, of any cell, of new structs that do not stand on the new one before. */
function countForks(items: readonly IncomingItem[]): number {
  const cells = new Map<string, { last: IncomingItem; forks: number }>();
  let most = 0;
  for (const one of items) {
    if (one.place.kind !== 'cell') continue;
    const cell = cells.get(one.place.cell);
    if (cell === undefined) cells.set(one.place.cell, { last: one, forks: 0 });
    else {
      if (!standsOn(one.origin, cell.last)) cell.forks += 1;
      cell.last = one;
      most = Math.max(most, cell.forks);
    }
  }
  return most;
}

const standsOn = (origin: StructId | null, { item }: IncomingItem): boolean =>
  origin?.client === item.id.client && origin.clock === item.id.clock + item.length - 1;

/** Ends of delete ranges that lie inside a text. */
function countSplits({ deletions, items, freshDeletions }: IncomingUpdate): number {
  let splits = 0;
  for (const { item, from, to, isLive } of deletions) {
    if (isLive) splits += Number(from > item.id.clock) + Number(to < item.id.clock + item.length);
  }
  if (freshDeletions.size === 0) return splits;
  const isEdge = createEdges(items);
  for (const [client, ranges] of freshDeletions) {
    for (const { clock, len } of ranges) {
      splits += Number(!isEdge(client, clock)) + Number(!isEdge(client, clock + len));
    }
  }
  return splits;
}

/** Whether a new struct begins or the last one ends at a clock. */
function createEdges(items: readonly IncomingItem[]): (client: number, clock: number) => boolean {
  const edges = new Map<number, Set<number>>();
  for (const { item, offset } of items) {
    const own = edges.get(item.id.client) ?? new Set();
    own.add(item.id.clock + offset).add(item.id.clock + item.length);
    edges.set(item.id.client, own);
  }
  return (client, clock) => edges.get(client)?.has(clock) ?? false;
}

function groupByText(items: readonly IncomingItem[]): ReadonlyMap<string, readonly IncomingItem[]> {
  const texts = new Map<string, IncomingItem[]>();
  for (const one of items) {
    if (one.place.kind !== 'text') continue;
    const own = texts.get(one.place.root);
    if (own === undefined) texts.set(one.place.root, [one]);
    else own.push(one);
  }
  return texts;
}

/**
 * An editor puts a struct between two neighbours, and there Yjs finds its place at once. Strays name neighbours that
 * are not next to each other, though all that could lie between them came with this update or was known long ago.
 */
function isSlowText(
  items: readonly IncomingItem[],
  text: { readonly _start: Y.Item | null } | undefined,
  doc: Y.Doc,
): boolean {
  const indexOf = new Map<Y.Item, number>();
  for (let item = text?._start ?? null; item !== null; item = item.right) indexOf.set(item, indexOf.size);
  const isHeld = (id: StructId): boolean => id.clock < Y.getState(doc.store, id.client);
  const heldIndex = (id: StructId): number =>
    indexOf.get(Y.getItem(doc.store, Y.createID(id.client, id.clock))) ?? Infinity;
  const isNear = (left: StructId | null, right: StructId | null): boolean => {
    if ((left !== null && !isHeld(left)) || (right !== null && !isHeld(right))) return false;
    return (
      (right === null ? indexOf.size : heldIndex(right)) - (left === null ? -1 : heldIndex(left)) <= NEAR
    );
  };

  const newestOn = new Map<string, IncomingItem>();
  const endingAt = new Map<string, IncomingItem>();
  let strays = 0;
  for (const one of items) {
    const { origin } = one;
    const right: StructId | null = one.item.rightOrigin;
    const before = newestOn.get(nameOf(origin));
    const left = endingAt.get(nameOf(origin));
    const isNext =
      before !== undefined
        ? isSame(right, { client: before.item.id.client, clock: before.item.id.clock + before.offset })
        : left === undefined
          ? isNear(origin, right)
          : isSame(right, left.item.rightOrigin);
    if (!isNext) strays += 1;
    newestOn.set(nameOf(origin), one);
    endingAt.set(nameOf(one.item.lastId), one);
  }
  return strays * (items.length + indexOf.size) > TEXT_STEPS_MAX;
}

const nameOf = (id: StructId | null): string => (id === null ? '' : `${id.client} ${id.clock}`);

const isSame = (a: StructId | null, b: StructId | null): boolean =>
  a?.client === b?.client && a?.clock === b?.clock;

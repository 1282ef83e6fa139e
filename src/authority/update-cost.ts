import type * as Y from 'yjs';
import type { IncomingItem, IncomingUpdate, ReadContext } from './incoming-update.ts';
import type { StructId } from './ledger.ts';
import { FORKS_PER_CELL_MAX, SPARE_TEXTS_MAX, SPLITS_MAX, TEXT_STEPS_MAX } from './update-bounds.ts';

/** So few structs of a text are placed in no time, however long it is. */
const FEW = 12;

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
  const texts = countByText(update.items);
  const added = [...texts.keys()].filter((root) => !doc.share.has(root)).length;
  if (added > 0 && doc.share.size + added > notesMax + SPARE_TEXTS_MAX) return 'texts of too many notes';
  for (const [root, count] of texts) {
    if (count > FEW && count * (count + countHeld(doc, root)) > TEXT_STEPS_MAX) return 'too many structs of one text';
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

function countByText(items: readonly IncomingItem[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { place } of items) {
    if (place.kind === 'text') counts.set(place.root, (counts.get(place.root) ?? 0) + 1);
  }
  return counts;
}

function countHeld(doc: Y.Doc, root: string): number {
  let count = 0;
  for (let item = doc.share.get(root)?._start ?? null; item !== null; item = item.right) count += 1;
  return count;
}

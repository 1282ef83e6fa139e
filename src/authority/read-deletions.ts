import * as Y from 'yjs';
import { deleteCutCharacters, wholeCharacters } from './cut-characters.ts';
import { type Fresh, endOf, missing } from './fresh-structs.ts';
import {
  type Deletion,
  type IncomingItem,
  type IncomingUpdate,
  type Problem,
  type ReadContext,
  malformed,
} from './incoming-update.ts';
import type { HeldPlaces, Placed } from './place-structs.ts';
import type { DeleteRange } from './update-codec.ts';

/** Takes delete ranges apart into those of structs that we hold and those of the update's own. */
export function readDeletions(
  rangesOf: ReadonlyMap<number, readonly DeleteRange[]>,
  { items, itemsByClient, fresh }: Placed & { readonly fresh: Fresh },
  placeOfHeld: HeldPlaces,
  context: ReadContext,
): IncomingUpdate | Problem {
  const deletions: Deletion[] = [];
  const freshDeletions = new Map<number, DeleteRange[]>();
  for (const [client, ranges] of deleteCutCharacters(rangesOf, items, context.doc)) {
    const held = Y.getState(context.doc.store, client);
    const end = endOf(fresh, client, context.doc);
    const own: DeleteRange[] = [];
    for (const { clock, len } of mergeRanges(ranges)) {
      if (!Number.isSafeInteger(clock + len)) return malformed('a delete range of no sensible size');
      if (clock + len > end) return missing(client, context);
      const structs = clock < held ? (context.doc.store.clients.get(client) ?? []) : [];
      findDeletions(structs, { from: clock, to: Math.min(clock + len, held), placeOfHeld }, deletions);
      const from = Math.max(clock, held);
      if (clock + len > from) own.push({ clock: from, len: clock + len - from });
    }
    if (own.length > 0) freshDeletions.set(client, own);
  }
  markDeleted(items, freshDeletions);
  // Yjs joins values that follow each other under one key only when all of them are deleted.
  if (items.some((one) => one.place.kind === 'cell' && one.item.length > 1 && !isGone(one))) {
    return malformed('two values under one key');
  }
  return { kind: 'update', items, itemsByClient, deletions, freshDeletions };
}

const isGone = ({ item, isDeleted }: IncomingItem): boolean =>
  isDeleted || item.content instanceof Y.ContentDeleted;

/** Sorted, without overlaps and empty ones. */
function mergeRanges(ranges: readonly DeleteRange[]): DeleteRange[] {
  const merged: { clock: number; len: number }[] = [];
  for (const { clock, len } of ranges.toSorted((a, b) => a.clock - b.clock)) {
    const last = merged.at(-1);
    if (len === 0) continue;
    if (last !== undefined && clock <= last.clock + last.len) {
      last.len = Math.max(last.len, clock + len - last.clock);
    } else merged.push({ clock, len });
  }
  return merged;
}

/** Adds the parts of a client's held structs that lie in `from` to `to`. */
function findDeletions(
  structs: (Y.Item | Y.GC)[],
  { from, to, placeOfHeld }: { readonly from: number; readonly to: number; readonly placeOfHeld: HeldPlaces },
  deletions: Deletion[],
): void {
  if (structs.length === 0) return;
  for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
    const item = structs[index];
    if (item === undefined || item.id.clock >= to) return;
    // Text that is gone is gone; of a cell it may say that its author does not want what replaced it.
    if (!(item instanceof Y.Item) || (item.deleted && item.parentSub === null)) continue;
    const place = placeOfHeld(item);
    if (typeof place === 'string') continue;
    const part = wholeCharacters(
      item,
      Math.max(from, item.id.clock),
      Math.min(to, item.id.clock + item.length),
    );
    deletions.push({ item, place, ...part, isLive: !item.deleted });
  }
}

/** Marks items that lie wholly in a range. Of text a part may be deleted, which needs no mark. */
function markDeleted(
  items: readonly IncomingItem[],
  rangesOf: ReadonlyMap<number, readonly DeleteRange[]>,
): void {
  if (rangesOf.size === 0) return;
  for (const one of items) {
    const { client, clock } = one.item.id;
    const range = lastFrom(rangesOf.get(client) ?? [], clock + one.offset);
    one.isDeleted = range !== null && clock + one.item.length <= range.clock + range.len;
  }
}

/** Of sorted ranges the last that begins at or before a clock. */
function lastFrom(ranges: readonly DeleteRange[], clock: number): DeleteRange | null {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.clock ?? Infinity) <= clock) low = middle + 1;
    else high = middle;
  }
  return ranges[low - 1] ?? null;
}

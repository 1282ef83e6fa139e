import type * as Y from 'yjs';
import type { CellId } from '../lib/ids.ts';
import type { Causality } from './causality.ts';
import { findItem } from './fresh-structs.ts';
import type { IncomingItem, IncomingUpdate, Place } from './incoming-update.ts';
import type { MergeMeter } from './merge-meter.ts';
import { orderOfMerging } from './merge-order.ts';
import { type StructId, isSameStruct } from './struct-id.ts';
import type { Part, StructList } from './struct-list.ts';

/**
 * Goes through an update as Yjs would when it merges it, in its order, on a list of our own, while the meter counts. Yjs
 * places an item between the neighbours that it names, and goes through all that lies between them by now.
 *
 * Stops, as Yjs would not, as soon as the meter is over, or where a struct was never made between the neighbours that it
 * names, see `causality.ts`. Gives the place where that was, else null.
 */
export function rehearseMerge(
  update: IncomingUpdate,
  doc: Y.Doc,
  { list, meter, causality }: Rehearsal,
): { readonly kind: 'entangled' | 'forged'; readonly place: Place } | null {
  const branched = findBranchedCells(update.items, doc);
  const putInPlace = createPlacer({ list, meter, causality });
  const isSearched = ({ place }: IncomingItem): boolean => place.kind === 'text' || branched.has(place.cell);
  if (update.items.some(isSearched)) {
    for (const one of orderOfMerging(update)) {
      if (!isSearched(one)) continue;
      const isForged = !putInPlace(one);
      if (meter.isOver()) return { kind: 'entangled', place: one.place };
      if (isForged) return { kind: 'forged', place: one.place };
    }
  }
  const tangled = countDeletionCuts(update, meter);
  return tangled === null ? null : { kind: 'entangled', place: tangled };
}

interface Rehearsal {
  readonly list: StructList;
  readonly meter: MergeMeter;
  readonly causality: Pick<Causality, 'mustHaveSeen'>;
}

/** All cells but those in which each new item stands on what was the last before: there no place is searched for. */
function findBranchedCells(items: readonly IncomingItem[], doc: Y.Doc): ReadonlySet<CellId> {
  const ends = new Map<CellId, StructId | null>();
  const branched = new Set<CellId>();
  for (const { item, origin, place } of items) {
    if (place.kind !== 'cell') continue;
    const known = ends.get(place.cell);
    const end =
      known === undefined ? (doc.share.get(place.root)?._map.get(place.key)?.lastId ?? null) : known;
    if (!isSameStruct(origin, end)) branched.add(place.cell);
    ends.set(place.cell, item.lastId);
  }
  return branched;
}

/**
 * Places items as Item.integrate of Yjs 13.6 does, whose names are in the comments. Where other items lie between the two
 * neighbours that an item names, it goes through those: behind rivals of lower clients that stand on the same struct,
 * and behind all that stands on what it has passed. Gives false for an item that was never made there.
 */
function createPlacer({ list, meter, causality }: Rehearsal): (one: IncomingItem) => boolean {
  let marks = 0;

  function search(one: IncomingItem, left: Part | null, right: Part | null): Part | null {
    const { id, rightOrigin } = one.item;
    const mark = (marks += 1);
    let found = left;
    let rivals = mark;
    let other = left === null ? list.first(one.place) : list.rightOf(left);
    for (; other !== null && other !== right; other = list.rightOf(other)) {
      other.passed = mark; // itemsBeforeOrigin
      other.rival = rivals; // conflictingItems
      let isBehind = false;
      if (isSameStruct(one.origin, other.origin)) {
        isBehind = other.client < id.client;
        if (!isBehind && isSameStruct(rightOrigin, other.rightOrigin)) break;
      } else {
        const origin = other.origin === null ? null : list.find(other.origin);
        if (origin === null || origin.passed !== mark) break;
        isBehind = origin.rival !== rivals;
      }
      if (!isBehind) continue;
      found = other;
      rivals = marks += 1;
    }
    return found;
  }

  /** Is the right neighbour on the right, and all that lies between them what the author need not have seen? */
  function canBeMade(one: IncomingItem, left: Part | null, right: Part | null): boolean {
    let between = left === null ? list.first(one.place) : list.rightOf(left);
    for (; between !== right && !meter.isOver(); between = list.rightOf(between)) {
      if (between === null) return false;
      meter.passed();
      if (causality.mustHaveSeen(one, between)) return false;
    }
    return true;
  }

  return (one) => {
    const { rightOrigin } = one.item;
    const left = one.origin === null ? null : list.findEnd(one.origin);
    const right = rightOrigin === null ? null : list.findStart(rightOrigin);
    // Cut off from it again: the right neighbour is the left one, or before it.
    if (left !== null && left.end - 1 !== one.origin?.clock) return false;
    const isBetween =
      left === null ? right !== null && list.leftOf(right) === null : list.rightOf(left) === right;
    if (!isBetween && !canBeMade(one, left, right)) return false;
    list.insert(one, isBetween ? left : search(one, left, right));
    return true;
  };
}

/** Ends of delete ranges that lie inside a struct. Gives the place of the one that was too many, or null. */
function countDeletionCuts(
  { deletions, itemsByClient, freshDeletions }: IncomingUpdate,
  meter: MergeMeter,
): Place | null {
  for (const { item, from, to, isLive, place } of deletions) {
    if (!isLive) continue;
    if (from > item.id.clock) meter.cut(item.id.client, from);
    if (to < item.id.clock + item.length) meter.cut(item.id.client, to);
    if (meter.isOver()) return place;
  }
  for (const [client, ranges] of freshDeletions) {
    const own = itemsByClient.get(client) ?? [];
    for (const { clock, len } of ranges) {
      for (const end of [clock, clock + len]) {
        const one = findItem(own, end);
        if (one !== null && one.item.id.clock + one.offset < end) meter.cut(client, end);
        if (one !== null && meter.isOver()) return one.place;
      }
    }
  }
  return null;
}

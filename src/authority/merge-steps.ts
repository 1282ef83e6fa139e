import * as Y from 'yjs';
import type { StructId } from './cell-record.ts';
import { findItem } from './fresh-structs.ts';
import type { IncomingItem, IncomingUpdate } from './incoming-update.ts';
import { type ItemsByClient, groupByClient, orderOfMerging } from './merge-order.ts';
import { type Part, type StructList, createStructList } from './struct-list.ts';
import { CUT_STEPS, MOVES_PER_STEP } from './update-bounds.ts';

/**
 * What Yjs would have to do to merge an update, beyond reading its structs. It is found by going through the update as Yjs
 * would, in its order, on a list of our own. A step is one struct that a search for a place passes: Yjs places an
 * item between the neighbours that it names, and goes through all that lies between them by now. A cut through a struct is
 * a few steps and more the more structs of its client lie behind it, since Yjs moves those.
 *
 * Stops, as Yjs would not, as soon as there are more steps than `most`.
 */
export function rehearseMerge(
  update: IncomingUpdate,
  doc: Y.Doc,
  most: number,
): { readonly steps: number; readonly list: StructList } {
  const byClient = groupByClient(update.items);
  const meter = createMeter(doc, byClient, most);
  const list = createStructList(doc, { cut: meter.cut, walked: () => meter.add(1) });
  const isSimple = findSimpleCells(update.items, doc);
  const putInPlace = createPlacer(list, meter);
  const isSearched = ({ place }: IncomingItem): boolean => place.kind === 'text' || !isSimple(place.cell);
  if (update.items.some(isSearched)) {
    for (const one of orderOfMerging(update.items, byClient)) {
      if (meter.isOver()) break;
      if (isSearched(one)) putInPlace(one);
    }
  }
  countDeletionCuts(update, byClient, meter);
  return { steps: meter.steps(), list };
}

interface Meter {
  steps(): number;
  isOver(): boolean;
  add(steps: number): void;
  cut(client: number, clock: number): void;
}

function createMeter(doc: Y.Doc, byClient: ItemsByClient, most: number): Meter {
  let steps = 0;
  const cuts = new Map<number, number>();
  return {
    steps: () => steps,
    isOver: () => steps > most,
    add: (more) => void (steps += more),
    cut(client, clock) {
      const held = doc.store.clients.get(client) ?? [];
      const before = clock < Y.getState(doc.store, client) ? Y.findIndexSS(held, clock) : held.length;
      const own = cuts.get(client) ?? 0;
      const moved = held.length - before + (byClient.get(client)?.length ?? 0) + own;
      cuts.set(client, own + 1);
      steps += CUT_STEPS + moved / MOVES_PER_STEP;
    },
  };
}

/** Cells in which each new item stands on what was the last before: no place is searched for. */
function findSimpleCells(items: readonly IncomingItem[], doc: Y.Doc): (cell: string) => boolean {
  const ends = new Map<string, StructId | null>();
  const others = new Set<string>();
  for (const { item, origin, place } of items) {
    if (place.kind !== 'cell') continue;
    const known = ends.get(place.cell);
    const end =
      known === undefined ? (doc.share.get(place.root)?._map.get(place.key)?.lastId ?? null) : known;
    if (!isSame(origin, end)) others.add(place.cell);
    ends.set(place.cell, item.lastId);
  }
  return (cell) => !others.has(cell);
}

/**
 * Places items as Item.integrate of Yjs 13.6 does, whose names are in the comments. Where other items lie between the two
 * neighbours that an item names, it goes through those: behind rivals of lower clients that stand on the same struct,
 * and behind all that stands on what it has passed.
 */
function createPlacer(list: StructList, meter: Meter): (one: IncomingItem) => void {
  let marks = 0;

  function search(one: IncomingItem, left: Part | null, right: Part | null): Part | null {
    const { id, rightOrigin } = one.item;
    const mark = (marks += 1);
    let found = left;
    let rivals = mark;
    let other = left === null ? list.first(one.place) : list.rightOf(left);
    for (; other !== null && other !== right && !meter.isOver(); other = list.rightOf(other)) {
      meter.add(1);
      other.passed = mark; // itemsBeforeOrigin
      other.rival = rivals; // conflictingItems
      let isBehind = false;
      if (isSame(one.origin, other.origin)) {
        isBehind = other.client < id.client;
        if (!isBehind && isSame(rightOrigin, other.rightOrigin)) break;
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

  return (one) => {
    const { rightOrigin } = one.item;
    const left = one.origin === null ? null : list.findEnd(one.origin);
    const right = rightOrigin === null ? null : list.findStart(rightOrigin);
    const isBetween =
      left === null ? right !== null && list.leftOf(right) === null : list.rightOf(left) === right;
    list.insert(one, isBetween ? left : search(one, left, right));
  };
}

/** Ends of delete ranges that lie inside a struct. */
function countDeletionCuts(
  { deletions, freshDeletions }: IncomingUpdate,
  byClient: ItemsByClient,
  meter: Meter,
): void {
  for (const { item, from, to, isLive } of deletions) {
    if (!isLive) continue;
    if (from > item.id.clock) meter.cut(item.id.client, from);
    if (to < item.id.clock + item.length) meter.cut(item.id.client, to);
  }
  for (const [client, ranges] of freshDeletions) {
    const own = byClient.get(client) ?? [];
    for (const { clock, len } of ranges) {
      for (const end of [clock, clock + len]) {
        const one = findItem(own, end);
        if (one !== null && one.item.id.clock + one.offset < end) meter.cut(client, end);
      }
    }
  }
}

const isSame = (a: StructId | null, b: StructId | null): boolean =>
  a?.client === b?.client && a?.clock === b?.clock;

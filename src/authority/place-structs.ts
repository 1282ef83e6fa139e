import * as Y from 'yjs';
import { KEY_CHARS_MAX } from '../lib/limits.ts';
import { cellIdOf, isRoot, parseNoteRootName } from '../quote/cell.ts';
import { type Fresh, findItem, missing } from './fresh-structs.ts';
import {
  type FreshItem,
  type IncomingItem,
  type IncomingUpdate,
  type Place,
  type Problem,
  type ReadContext,
  malformed,
} from './incoming-update.ts';
import type { StructId } from './struct-id.ts';

export type Placed = Pick<IncomingUpdate, 'items' | 'itemsByClient'>;

/**
 * Puts new items into an order in which each stands on what comes before, and finds the place of each. An item waits
 * for the one it stands on and is taken up again when that one is placed, so that the work is linear. A cycle, or an
 * origin in its own future, leaves items over.
 */
export function placeInOrder(fresh: Fresh, placeOfHeld: HeldPlaces, context: ReadContext): Placed | Problem {
  const placed: IncomingItem[] = [];
  const placedByClient = new Map<number, IncomingItem[]>([...fresh.keys()].map((client) => [client, []]));
  const waiting = new Map<FreshItem, number[]>();
  const ready = [...fresh.keys()];
  const finder = createPlaceFinder(context.doc, placeOfHeld, placedByClient);

  const isPlaced = ({ client, clock }: StructId): boolean => {
    const last = placedByClient.get(client)?.at(-1)?.item;
    return last !== undefined && clock < last.id.clock + last.length;
  };

  /** The new item that has to be placed before one with this neighbour, or null; or what is wrong. */
  function findMissing(id: StructId | null): FreshItem | Problem | null {
    if (id === null || isPlaced(id) || id.clock < Y.getState(context.doc.store, id.client)) return null;
    return findItem(fresh.get(id.client) ?? [], id.clock) ?? missing(id.client, context);
  }

  for (let client = ready.shift(); client !== undefined; client = ready.shift()) {
    const items = fresh.get(client) ?? [];
    const own = placedByClient.get(client) ?? [];
    for (let next = items[own.length]; next !== undefined; next = items[own.length]) {
      const origin = originOf(next);
      const first = findMissing(origin) ?? findMissing(next.item.rightOrigin);
      if (first !== null && 'kind' in first) return first;
      if (first !== null) {
        waiting.set(first, [...(waiting.get(first) ?? []), client]);
        break;
      }
      const place = finder.placeOf(next, origin);
      if (typeof place === 'string') return malformed(place);
      const incoming = { item: next.item, offset: next.offset, place, origin, isDeleted: false };
      own.push(incoming);
      placed.push(incoming);
      const waiters = waiting.get(next);
      if (waiters !== undefined) ready.push(...waiters);
    }
  }
  const isAll = [...fresh].every(([client, items]) => placedByClient.get(client)?.length === items.length);
  return isAll
    ? { items: placed, itemsByClient: placedByClient }
    : malformed('structs that stand on each other');
}

/** Of an item that we hold in part only the rest is new, and that stands on the part. */
const originOf = ({ item, offset }: FreshItem): StructId | null =>
  offset === 0 ? item.origin : { client: item.id.client, clock: item.id.clock + offset - 1 };

interface PlaceFinder {
  /** The place of an item all of whose neighbours are held, or what is wrong with it. */
  placeOf(fresh: FreshItem, origin: StructId | null): Place | string;
}

function createPlaceFinder(
  doc: Y.Doc,
  placeOfHeld: HeldPlaces,
  placedByClient: ReadonlyMap<number, readonly IncomingItem[]>,
): PlaceFinder {
  function findPlace({ client, clock }: StructId): Place | string {
    if (clock < Y.getState(doc.store, client))
      return placeOfHeld(Y.getItem(doc.store, Y.createID(client, clock)));
    return findItem(placedByClient.get(client) ?? [], clock)?.place ?? 'an origin that is nowhere';
  }

  return {
    placeOf({ item }, origin) {
      const place =
        origin === null && item.rightOrigin === null
          ? findDeclaredPlace(item)
          : findNeighboursPlace(origin, item.rightOrigin, findPlace);
      return typeof place === 'string' ? place : (findWrongContent(item, place) ?? place);
    },
  };
}

/** An item without neighbours names its root, and its key where the root is a map. */
function findDeclaredPlace(item: Y.Item): Place | string {
  const parent: unknown = item.parent;
  return typeof parent === 'string' ? placeIn(parent, item.parentSub) : 'an item in a nested type';
}

function placeIn(root: string, key: string | null): Place | string {
  if (isRoot(root)) {
    if (key === null) return `a list item in the map ${root}`;
    if (key.length > KEY_CHARS_MAX) return `a key of more than ${KEY_CHARS_MAX} characters`;
    return { kind: 'cell', root, key, cell: cellIdOf(root, key) };
  }
  const note = parseNoteRootName(root);
  if (note === null) return 'a root that a quote does not have';
  if (key !== null) return 'a key in the text of a note';
  return { kind: 'text', root, note };
}

/** Other items lie where their neighbours lie. */
function findNeighboursPlace(
  origin: StructId | null,
  rightOrigin: StructId | null,
  findPlace: (id: StructId) => Place | string,
): Place | string {
  const left = origin === null ? null : findPlace(origin);
  const right = rightOrigin === null ? null : findPlace(rightOrigin);
  if (typeof left === 'string') return left;
  if (typeof right === 'string') return right;
  const place = left ?? right;
  if (place === null) return 'an item without a place';
  if (place.kind === 'cell' && right !== null) return 'a right neighbour in a cell';
  if (left !== null && right !== null && !isSamePlace(left, right)) return 'neighbours in different places';
  return place;
}

const isSamePlace = (a: Place, b: Place): boolean =>
  a.kind === 'text' && b.kind === 'text' && a.note === b.note;

/** What a stock client can put into a cell or a text; all else closes the connection. */
function findWrongContent(item: Y.Item, place: Place): string | null {
  const { content } = item;
  if (content instanceof Y.ContentDeleted) return null;
  if (place.kind === 'cell') {
    return content instanceof Y.ContentAny ? null : 'content in a cell that is no plain value';
  }
  return content instanceof Y.ContentString || content instanceof Y.ContentFormat
    ? null
    : 'content in a text that is neither text nor format';
}

/** The place of a struct in the document. There are only items in root types. */
export type HeldPlaces = (item: Y.Item) => Place | string;

/** Yjs finds the name of a root by going through all texts of the quote: here once for each root, not for each struct. */
export function createHeldPlaces(): HeldPlaces {
  const names = new Map<unknown, string>();
  return ({ parent, parentSub }) => {
    const known = names.get(parent);
    if (known !== undefined) return placeIn(known, parentSub);
    if (!(parent instanceof Y.AbstractType) || parent._item !== null) return 'an item in no root';
    const name = Y.findRootTypeKey(parent);
    names.set(parent, name);
    return placeIn(name, parentSub);
  };
}

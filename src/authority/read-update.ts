import * as Y from 'yjs';
import type { CellId, UserId } from '../lib/ids.ts';
import {
  CLIENT_ID_MAX,
  CLIENTS_PER_UPDATE_MAX,
  KEY_CHARS_MAX,
  STRUCT_CLOCKS_MAX,
  STRUCTS_MAX,
} from '../lib/limits.ts';
import { type Root, cellIdOf, isRoot, parseNoteRootName } from '../quote/cell.ts';
import { type DeleteRange, type RawUpdate, decodeUpdate } from './update-codec.ts';

/**
 * Reads a client's update and fails closed. What comes out can be merged: every struct is new, follows what we hold without
 * a hole, belongs to this user, lies in one of the quote's roots with content that a stock client puts there, and stands
 * on structs that we hold or that come before it in the list.
 *
 * `malformed` is what no correct client can send. `gap` is honest: clocks of the user's own that got lost with
 * an earlier connection; asking for them heals it.
 */
export type ReadUpdate =
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'gap' }
  | IncomingUpdate;

export interface IncomingUpdate {
  readonly kind: 'update';
  /** New items, each after those that it stands on. */
  readonly items: readonly IncomingItem[];
  /** Parts of items that we hold and that the update deletes. */
  readonly deletions: readonly Deletion[];
  /** Clocks of the new items that the update deletes again. */
  readonly freshDeletions: ReadonlyMap<number, readonly DeleteRange[]>;
}

/** Where an item lies: in a cell, or in the text of a note. */
export type Place =
  | { readonly kind: 'cell'; readonly cell: CellId; readonly root: Root; readonly key: string }
  | { readonly kind: 'text'; readonly note: string; readonly root: string };

export interface IncomingItem {
  readonly item: Y.Item;
  /** First clocks of it that we hold already. */
  readonly offset: number;
  readonly place: Place;
  /** The update deletes all of it again. */
  isDeleted: boolean;
}

/** Clocks `from` to `to` (exclusive) of a struct that we hold and that the update deletes. `isLive` unless it was deleted before. */
export interface Deletion {
  readonly item: Y.Item;
  readonly from: number;
  readonly to: number;
  readonly isLive: boolean;
  readonly place: Place;
}

/** What reading needs to know beside the bytes. */
export interface ReadContext {
  readonly doc: Y.Doc;
  readonly user: UserId;
  /** The user to whom a client id belongs or for whom it is reserved, or null. */
  readonly ownerOf: (client: number) => UserId | null;
}

type Problem = Extract<ReadUpdate, { kind: 'malformed' | 'gap' }>;

const malformed = (reason: string): Problem => ({ kind: 'malformed', reason });
const gap: Problem = { kind: 'gap' };

export function readUpdate(update: Uint8Array, context: ReadContext): ReadUpdate {
  const raw = decodeUpdate(update);
  if (!raw.ok) return malformed(raw.reason);
  const fresh = readFreshStructs(raw.value, context);
  if (!isFresh(fresh)) return fresh;
  const items = fresh.size === 0 ? [] : placeInOrder(fresh, context);
  if (!Array.isArray(items)) return items;
  return readDeletions(raw.value.deletions, items, fresh, context);
}

/** By client: items that we do not hold, or hold only in part, contiguous from what we hold. */
type Fresh = Map<number, { readonly item: Y.Item; readonly offset: number }[]>;

const isFresh = (value: Fresh | Problem): value is Fresh => value instanceof Map;

function readFreshStructs({ structs }: RawUpdate, context: ReadContext): Fresh | Problem {
  if (structs.length > STRUCTS_MAX) return malformed(`more than ${STRUCTS_MAX} structs in one update`);
  const fresh: Fresh = new Map();
  const seen = new Set<number>();
  let current = -1;
  let held = 0;
  let own: { item: Y.Item; offset: number }[] = [];
  for (const struct of structs) {
    const { client, clock } = struct.id;
    if (client !== current) {
      if (seen.has(client)) return malformed(`client ${client} comes in two blocks`);
      seen.add(client);
      current = client;
      held = Y.getState(context.doc.store, client);
      own = [];
    }
    if (!(struct.length > 0 && struct.length <= STRUCT_CLOCKS_MAX)) return malformed('a struct of no sensible length');
    if (clock + struct.length <= held) continue;
    const owner = checkOwner(client, context);
    if (owner !== null) return owner;
    if (clock > held) return gap;
    if (!(struct instanceof Y.Item)) return malformed('a struct that is no item');
    if (own.length === 0) fresh.set(client, own);
    own.push({ item: struct, offset: held - clock });
    held = clock + struct.length;
  }
  return fresh.size > CLIENTS_PER_UPDATE_MAX ? malformed('too many clients in one update') : fresh;
}

/** Null if new structs of this client may come from this user. */
function checkOwner(client: number, context: ReadContext): Problem | null {
  if (!Number.isInteger(client) || client < 0 || client > CLIENT_ID_MAX) {
    return malformed(`${client} is no client id`);
  }
  const owner = context.ownerOf(client);
  return owner === null || owner === context.user ? null : malformed(`client ${client} belongs to another user`);
}

/** A missing clock: an honest gap among the user's own, nonsense elsewhere. */
const missing = (client: number, context: ReadContext): Problem => checkOwner(client, context) ?? gap;

/**
 * Puts the items into an order in which each stands on what comes before, and finds the place of each. A cycle, or an
 * origin in its own future, leaves items over.
 */
function placeInOrder(fresh: Fresh, context: ReadContext): IncomingItem[] | Problem {
  const placed: IncomingItem[] = [];
  const placedByClient = new Map<number, IncomingItem[]>([...fresh.keys()].map((client) => [client, []]));
  const finder = createPlaceFinder(context.doc, placedByClient);
  for (let progress = true; progress; ) {
    progress = false;
    for (const [client, items] of fresh) {
      const own = placedByClient.get(client) ?? [];
      for (let next = items[own.length]; next !== undefined; next = items[own.length]) {
        if (!finder.holds(next.item.origin) || !finder.holds(next.item.rightOrigin)) break;
        const place = finder.placeOf(next.item);
        if (typeof place === 'string') return malformed(place);
        const incoming = { item: next.item, offset: next.offset, place, isDeleted: false };
        own.push(incoming);
        placed.push(incoming);
        progress = true;
      }
    }
  }
  return findLeftOver(fresh, placedByClient, context) ?? placed;
}

/** Why an item could not be placed: a gap, an unknown foreign struct, or a cycle. */
function findLeftOver(
  fresh: Fresh,
  placedByClient: ReadonlyMap<number, readonly IncomingItem[]>,
  context: ReadContext,
): Problem | null {
  for (const [client, items] of fresh) {
    const item = items[placedByClient.get(client)?.length ?? 0]?.item;
    if (item === undefined) continue;
    for (const id of [item.origin, item.rightOrigin]) {
      if (id !== null && id.clock >= endOf(fresh, id.client, context.doc)) return missing(id.client, context);
    }
  }
  const isOver = [...fresh].some(([client, items]) => items.length > (placedByClient.get(client)?.length ?? 0));
  return isOver ? malformed('structs that stand on each other') : null;
}

/** The first clock of a client that neither we nor the update hold. */
function endOf(fresh: Fresh, client: number, doc: Y.Doc): number {
  const last = fresh.get(client)?.at(-1)?.item;
  return last === undefined ? Y.getState(doc.store, client) : last.id.clock + last.length;
}

interface PlaceFinder {
  /** True if the struct with this id is in the document or placed already. */
  holds(id: Y.ID | null): boolean;
  /** The place of an item all of whose origins are held, or what is wrong with it. */
  placeOf(item: Y.Item): Place | string;
}

function createPlaceFinder(
  doc: Y.Doc,
  placedByClient: ReadonlyMap<number, readonly IncomingItem[]>,
): PlaceFinder {
  function findPlace(id: Y.ID): Place | string {
    if (id.clock < Y.getState(doc.store, id.client)) return placeOfHeld(Y.getItem(doc.store, id));
    return findItem(placedByClient.get(id.client) ?? [], id.clock)?.place ?? 'an origin that is nowhere';
  }

  return {
    holds(id) {
      if (id === null || id.clock < Y.getState(doc.store, id.client)) return true;
      const last = placedByClient.get(id.client)?.at(-1)?.item;
      return last !== undefined && id.clock < last.id.clock + last.length;
    },
    placeOf(item) {
      const place = findDeclaredPlace(item) ?? findOriginPlace(item, findPlace);
      return typeof place === 'string' ? place : (findWrongContent(item, place) ?? place);
    },
  };
}

/** The item of one client that covers a clock, or null. `items` are in the order of their clocks. */
export function findItem(items: readonly IncomingItem[], clock: number): IncomingItem | null {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = items[middle];
    if (found === undefined) return null;
    if (clock < found.item.id.clock + found.offset) high = middle - 1;
    else if (clock >= found.item.id.clock + found.item.length) low = middle + 1;
    else return found;
  }
  return null;
}

/** An item without neighbours names its root, and its key where the root is a map. */
function findDeclaredPlace(item: Y.Item): Place | string | null {
  if (item.origin !== null || item.rightOrigin !== null) return null;
  const parent: unknown = item.parent;
  if (typeof parent !== 'string') return 'an item in a nested type';
  return placeIn(parent, item.parentSub);
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
function findOriginPlace(item: Y.Item, findPlace: (id: Y.ID) => Place | string): Place | string {
  const left = item.origin === null ? null : findPlace(item.origin);
  const right = item.rightOrigin === null ? null : findPlace(item.rightOrigin);
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
function placeOfHeld(item: Y.Item): Place | string {
  const parent: unknown = item.parent;
  if (!(parent instanceof Y.AbstractType) || parent._item !== null) return 'an item in no root';
  return placeIn(Y.findRootTypeKey(parent), item.parentSub);
}

function readDeletions(
  rangesOf: ReadonlyMap<number, readonly DeleteRange[]>,
  items: readonly IncomingItem[],
  fresh: Fresh,
  context: ReadContext,
): ReadUpdate {
  const deletions: Deletion[] = [];
  const freshDeletions = new Map<number, DeleteRange[]>();
  const incoming = new Map(items.map((one) => [one.item, one]));
  for (const [client, ranges] of rangesOf) {
    if (ranges.length === 0) continue;
    const held = Y.getState(context.doc.store, client);
    const end = endOf(fresh, client, context.doc);
    for (const { clock, len } of mergeRanges(ranges)) {
      if (!(clock >= 0 && Number.isSafeInteger(clock + len))) return malformed('a delete range of no sensible size');
      if (clock + len > end) return missing(client, context);
      if (clock < held) findDeletions(client, clock, Math.min(clock + len, held), context.doc, deletions);
      if (clock + len <= held) continue;
      const from = Math.max(clock, held);
      freshDeletions.set(client, [...(freshDeletions.get(client) ?? []), { clock: from, len: clock + len - from }]);
      markDeleted(fresh.get(client) ?? [], from, clock + len, incoming);
    }
  }
  // Yjs joins values that follow each other under one key only when all of them are deleted.
  if (items.some((one) => one.place.kind === 'cell' && one.item.length > 1 && !isGone(one))) {
    return malformed('two values under one key');
  }
  return { kind: 'update', items, deletions, freshDeletions };
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

/** Adds the parts of held items that lie in `from` to `to`. */
function findDeletions(client: number, from: number, to: number, doc: Y.Doc, deletions: Deletion[]): void {
  const structs = doc.store.clients.get(client) ?? [];
  if (structs.length === 0) return;
  for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
    const item = structs[index];
    if (item === undefined || item.id.clock >= to) return;
    if (!(item instanceof Y.Item)) continue;
    const place = placeOfHeld(item);
    if (typeof place === 'string') continue;
    deletions.push({
      item,
      place,
      from: Math.max(from, item.id.clock),
      to: Math.min(to, item.id.clock + item.length),
      isLive: !item.deleted,
    });
  }
}

/** Marks items that lie wholly in `from` to `to`. Of text a part may be deleted, which needs no mark. */
function markDeleted(
  own: readonly { readonly item: Y.Item }[],
  from: number,
  to: number,
  incoming: ReadonlyMap<Y.Item, IncomingItem>,
): void {
  for (const { item } of own) {
    const entry = incoming.get(item);
    if (entry === undefined) continue;
    if (item.id.clock + entry.offset >= from && item.id.clock + item.length <= to) entry.isDeleted = true;
  }
}

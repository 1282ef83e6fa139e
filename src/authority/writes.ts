import * as Y from 'yjs';
import { type CellId, type UserId } from '../lib/ids.ts';
import type { Root } from '../quote/cell.ts';
import { findItem } from './fresh-structs.ts';
import type { Deletion, IncomingItem, IncomingUpdate } from './incoming-update.ts';
import type { ReplacedStruct } from './cell-record.ts';
import type { Ledger } from './ledger.ts';
import { type StructId, lastIdOf } from './struct-id.ts';
import type { Seen } from './verdict.ts';

/**
 * Turns structs and deletions into writes: one per cell and update. Of several new structs in a cell the last one counts, and
 * a deletion beside new structs belongs to them: that is how Yjs overwrites.
 *
 * `k` is the newest revision that the author had seen when writing. Everyone learns of others only through the
 * server and in order, so the struct that a write stands on proves it: the entry that brought that struct to
 * everyone, or, for a struct of the author's own, what they had seen then.
 */
export interface CellWrite {
  readonly cell: CellId;
  readonly root: Root;
  readonly key: string;
  /** As offered; `undefined` is no value. */
  readonly value: unknown;
  readonly k: number;
  /** New structs of the cell, the one that counts last. Empty for a bare deletion. */
  readonly items: readonly IncomingItem[];
}

export interface TextEdit {
  readonly note: string;
  readonly root: string;
  readonly items: readonly IncomingItem[];
  /** Living parts that the update deletes. */
  readonly deletions: readonly Deletion[];
}

export interface Writes {
  readonly cells: readonly CellWrite[];
  readonly texts: readonly TextEdit[];
  /** For rows: the newest revision that this update's author is known to have seen. */
  readonly rowsSeen: number;
}

/**
 * `isLive` says that the update is one transaction that just happened, not all that a client knows: only then does
 * deleting what is long deleted mean anything.
 */
export function readWrites(
  update: IncomingUpdate,
  ledger: Ledger,
  { author, seen, isLive }: { readonly author: UserId; readonly seen: Seen; readonly isLive: boolean },
): Writes {
  const itemsByCell = new Map<CellId, IncomingItem[]>();
  const texts = new Map<
    string,
    { note: string; root: string; items: IncomingItem[]; deletions: Deletion[] }
  >();
  for (const one of update.items) {
    if (one.place.kind === 'cell') addTo(itemsByCell, one.place.cell, one);
    else textOf(texts, one.place).items.push(one);
  }
  const reader = createSeenReader(update, ledger, author, seen);
  const deleted = new Map<CellId, CellWrite>();
  for (const deletion of update.deletions) {
    if (deletion.place.kind === 'text') {
      if (deletion.isLive) textOf(texts, deletion.place).deletions.push(deletion);
    } else if (!itemsByCell.has(deletion.place.cell)) {
      const struct = deletion.isLive
        ? endOfDeletion(deletion)
        : isLive
          ? findReplaced(deletion, ledger, author)
          : null;
      if (struct === null) continue;
      const { cell, root, key } = deletion.place;
      const k = Math.max(reader.kOf(struct), deleted.get(cell)?.k ?? 0);
      deleted.set(cell, { cell, root, key, value: undefined, k, items: [] });
    }
  }
  const overwritten = [...itemsByCell.values()].map((items) => readOverwrite(items, reader));
  return {
    cells: [...overwritten, ...deleted.values()],
    texts: [...texts.values()],
    rowsSeen: reader.rowsSeen,
  };
}

const endOfDeletion = ({ item, to }: Deletion): StructId => ({ client: item.id.client, clock: to - 1 });

function readOverwrite(items: readonly IncomingItem[], reader: SeenReader): CellWrite {
  const last = lastOf(items);
  const { place, item } = last;
  if (place.kind !== 'cell') throw new TypeError('the items of a cell lie in a cell');
  const value: unknown =
    last.isDeleted || !(item.content instanceof Y.ContentAny) ? undefined : item.content.arr[0];
  const others = items.filter((one) => one !== last);
  return {
    cell: place.cell,
    root: place.root,
    key: place.key,
    value,
    k: reader.kOf(last.origin),
    items: [...others, last],
  };
}

/** The item that no other stands on; of several, made in tabs that did not know of each other, the highest client's. */
function lastOf(items: readonly IncomingItem[]): IncomingItem {
  const stoodOn = new Set(items.map(({ origin }) => originKey(origin)));
  const ends = items.filter(({ item }) => !stoodOn.has(originKey(lastIdOf(item))));
  const last = ends.toSorted((a, b) => a.item.id.client - b.item.id.client).at(-1) ?? items.at(-1);
  if (last === undefined) throw new TypeError('a cell with new structs has a last one');
  return last;
}

const originKey = (id: StructId | null): string => (id === null ? '' : `${id.client}:${id.clock}`);

/**
 * Deleting a struct that an alias of ours has replaced deletes what stands: its author did not know the alias yet. A
 * deletion that was refused and comes again says nothing new. Gives the newest of the replaced structs, or null.
 */
function findReplaced({ item, from, to, place }: Deletion, ledger: Ledger, author: UserId): StructId | null {
  const record = place.kind === 'cell' ? ledger.record(place.cell) : null;
  if (record === null || record.standing.value === null) return null;
  const isDeleted = ({ client, clock, deletersRefused }: ReplacedStruct): boolean =>
    client === item.id.client && clock >= from && clock < to && !deletersRefused.includes(author);
  return record.replaced.findLast(isDeleted) ?? null;
}

interface SeenReader {
  /** What the author had seen of a cell, by the struct that their write stands on. */
  kOf(origin: StructId | null): number;
  readonly rowsSeen: number;
}

function createSeenReader(update: IncomingUpdate, ledger: Ledger, author: UserId, seen: Seen): SeenReader {
  if (seen.kind === 'revision') return { kOf: () => seen.revision, rowsSeen: seen.revision };

  function kOf(origin: StructId | null): number {
    for (let id = origin; id !== null;) {
      const known = ledger.structs.find(id.client, id.clock);
      const fresh = findItem(update.itemsByClient.get(id.client) ?? [], id.clock);
      if (fresh !== null) id = fresh.origin;
      else if (known === null) return 0;
      else return ledger.ownerOf(id.client) === author ? known.k : known.seq;
    }
    return 0;
  }

  let rowsSeen = seen.revision;
  for (const { item, origin } of update.items) {
    for (const id of [origin, item.rightOrigin]) {
      if (id === null || ledger.ownerOf(id.client) === author) continue;
      rowsSeen = Math.max(rowsSeen, ledger.structs.find(id.client, id.clock)?.seq ?? 0);
    }
  }
  return { kOf, rowsSeen };
}

function textOf(
  texts: Map<string, { note: string; root: string; items: IncomingItem[]; deletions: Deletion[] }>,
  { note, root }: { note: string; root: string },
): { items: IncomingItem[]; deletions: Deletion[] } {
  const known = texts.get(note);
  if (known !== undefined) return known;
  const text = { note, root, items: [], deletions: [] };
  texts.set(note, text);
  return text;
}

function addTo<Key, Value>(index: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, [value]);
  else values.push(value);
}

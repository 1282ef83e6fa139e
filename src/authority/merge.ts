import * as Y from 'yjs';
import { SERVER_CLIENT_ID } from '../lib/limits.ts';
import { assert } from '../lib/assert.ts';
import type { CellValue, Root } from '../quote/cell.ts';
import { cleanFormats } from './clean-formats.ts';
import type { StructId } from './struct-id.ts';
import type { Deletion, IncomingItem, IncomingUpdate } from './incoming-update.ts';
import { type DeleteRange, encodeUpdate } from './update-codec.ts';

/**
 * Merges a judged update in one transaction: the update with refused content cut out, then what the server writes after it.
 * One transaction makes one emitted update, encoded after garbage collection, so that refused content is in none.
 *
 * Nothing of the update is left out but content: a refused struct keeps its id, length, origin and key as `ContentDeleted`,
 * since every later struct of its author stands on it; a refused deletion is carried out and then undone, since it
 * has happened on its author's replica.
 */
export interface Merging {
  /** The struct on which the next write to a cell will stand, and whether it shows. Null for a cell that never had one. */
  tip(root: Root, key: string): Tip | null;
  /** Writes a cell as the server. Gives the struct. */
  write(root: Root, key: string, value: CellValue): StructId;
  /** Types deleted text in again, right behind what was deleted. Gives the server's clocks. */
  retype(parts: readonly DeletedText[]): StructId[];
  /** Takes out formats of a text that say nothing new. */
  cleanFormats(root: string): void;
}

export interface Tip extends StructId {
  readonly isDeleted: boolean;
}

/** Part of a text before it was deleted. */
export interface DeletedText {
  readonly content: Y.ContentString | Y.ContentFormat;
  /** The last deleted clock. */
  readonly last: StructId;
}

/**
 * Runs the transaction and gives the one update that it emitted, or null where nothing changed. `correct` says what the server writes after
 * the update was applied.
 */
export function merge(
  doc: Y.Doc,
  update: IncomingUpdate,
  isTombstone: (item: IncomingItem) => boolean,
  correct: (merging: Merging) => void,
): Uint8Array | null {
  assert(doc.clientID === SERVER_CLIENT_ID, 'the document writes as the server');
  const rewritten = rewrite(update, isTombstone);
  const emitted: Uint8Array[] = [];
  const collect = (bytes: Uint8Array): void => void emitted.push(bytes);
  doc.on('update', collect);
  try {
    doc.transact((transaction) => {
      if (rewritten !== null) Y.applyUpdate(doc, rewritten);
      correct(createMerging(doc, transaction));
      // Else Yjs takes our own structs in a remote transaction for a clash of client ids and changes ours.
      transaction.local = true;
    });
  } finally {
    doc.off('update', collect);
  }
  assert(
    doc.store.pendingStructs === null && doc.store.pendingDs === null,
    'a read update leaves nothing pending',
  );
  assert(doc.clientID === SERVER_CLIENT_ID, 'the server keeps its client id');
  assert(emitted.length <= 1, 'one transaction emits one update');
  return emitted[0] ?? null;
}

/** Null where there is nothing to apply. */
function rewrite(update: IncomingUpdate, isTombstone: (item: IncomingItem) => boolean): Uint8Array | null {
  for (const one of update.items) {
    if (isTombstone(one)) one.item.content = new Y.ContentDeleted(one.item.length);
  }
  const deletions = new Map<number, DeleteRange[]>();
  for (const [client, ranges] of update.freshDeletions) deletions.set(client, [...ranges]);
  for (const { item, from, to, isLive } of update.deletions) {
    if (!isLive) continue;
    const ranges = deletions.get(item.id.client) ?? [];
    ranges.push({ clock: from, len: to - from });
    deletions.set(item.id.client, ranges);
  }
  for (const ranges of deletions.values()) ranges.sort((a, b) => a.clock - b.clock);
  return update.items.length === 0 && deletions.size === 0 ? null : encodeUpdate(update.items, deletions);
}

function createMerging(doc: Y.Doc, transaction: Y.Transaction): Merging {
  const nextId = (): Y.ID => Y.createID(SERVER_CLIENT_ID, Y.getState(doc.store, SERVER_CLIENT_ID));
  return {
    tip(root, key) {
      const item = doc.getMap(root)._map.get(key);
      return item === undefined
        ? null
        : { client: item.lastId.client, clock: item.lastId.clock, isDeleted: item.deleted };
    },
    write(root, key, value) {
      const id = nextId();
      doc.getMap(root).set(key, value);
      return id;
    },
    retype: (parts) =>
      parts.map(({ content, last }) => {
        const id = nextId();
        const left = Y.getItem(doc.store, Y.createID(last.client, last.clock));
        const { right } = left;
        const item = new Y.Item(id, left, left.lastId, right, right?.id ?? null, left.parent, null, content);
        item.integrate(transaction, 0);
        return id;
      }),
    cleanFormats: (root) => cleanFormats(doc.getText(root), transaction),
  };
}

/** The text and formats that living deletions take away, copied before they do. */
export function readDeletedText(deletions: readonly Deletion[]): DeletedText[] {
  return deletions.flatMap(({ item, from, to }): DeletedText[] => {
    const last = { client: item.id.client, clock: to - 1 };
    if (item.content instanceof Y.ContentString) {
      const offset = item.id.clock;
      return [
        {
          content: new Y.ContentString(wellFormed(item.content.str.slice(from - offset, to - offset))),
          last,
        },
      ];
    }
    return item.content instanceof Y.ContentFormat ? [{ content: item.content.copy(), last }] : [];
  });
}

/** Halves of characters cannot be sent. Yjs, too, puts U+FFFD for each where it cuts a character in two. */
const wellFormed = (text: string): string =>
  text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');

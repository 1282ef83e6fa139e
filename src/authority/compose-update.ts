import * as Y from 'yjs';
import type { UserId } from '../lib/ids.ts';
import { CLIENT_ID_MAX } from '../lib/limits.ts';
import { type Cell, type CellValue, noteRootName } from '../quote/cell.ts';
import type { Ledger } from './ledger.ts';
import { encodeUpdate } from './update-codec.ts';

/**
 * Makes the update that a person's Yjs would have sent, for writes that come without one: HTTP, Slack, the first
 * entry of a quote. The gate then treats it like any other.
 */
export interface Composition {
  readonly cells: readonly { readonly cell: Cell; readonly value: CellValue }[];
  /** Text typed into notes that have none yet. */
  readonly texts?: readonly { readonly note: string; readonly text: string }[];
}

/** `client` has to be one that only this server writes under, see {@link composingClientOf}. */
export function composeUpdate(doc: Y.Doc, client: number, { cells, texts = [] }: Composition): Uint8Array {
  let clock = Y.getState(doc.store, client);
  const items = [
    ...cells.map(({ cell, value }) => {
      const last = doc.getMap(cell.root)._map.get(cell.key)?.lastId ?? null;
      return createItem(last, cell.root, cell.key, new Y.ContentAny([value]));
    }),
    ...texts
      .filter(({ text }) => text.length > 0)
      .map(({ note, text }) => createItem(null, noteRootName(note), null, new Y.ContentString(text))),
  ];

  function createItem(
    origin: Y.ID | null,
    root: string,
    key: string | null,
    content: Y.ContentAny | Y.ContentString,
  ): Y.Item {
    const parent = origin === null ? root : null;
    // Yjs encodes the name of a root for an item that has no neighbour, though its types do not say so.
    const item = new Y.Item(
      Y.createID(client, clock),
      null,
      origin,
      null,
      null,
      parent as never,
      key,
      content,
    );
    clock += item.length;
    return item;
  }

  return encodeUpdate(
    items.map((item) => ({ item, offset: 0 })),
    new Map(),
  );
}

/**
 * The Yjs client under which the server composes a person's updates: always the same one, so that a quote does not
 * gather clients. Made of the user's id; where it is somebody else's, the next free one.
 */
export function composingClientOf(ledger: Pick<Ledger, 'ownerOf'>, user: UserId): number {
  let client = hash(`composed for ${user}`) % CLIENT_ID_MAX;
  while ((ledger.ownerOf(client) ?? user) !== user) client = (client + 1) % CLIENT_ID_MAX;
  return client;
}

/** FNV-1a, 32 bit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

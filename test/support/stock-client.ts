import { type Decoder, readVarString } from 'lib0/decoding';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { type CellValue, parseCellId } from '../../src/quote/cell.ts';
import { present } from '../../src/lib/assert.ts';
import { MESSAGE_EVENT, type ServerEvent, serverEventSchema } from '../../src/wire/messages.ts';

/**
 * A stock y-websocket client on a real socket: what anyone gets who connects with nothing of ours. Tests wait for
 * conditions, which are looked at again whenever anything reaches the client.
 */
export interface StockClient {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** Events of the server (type 100), oldest first; none unless connected with `events`. */
  readonly events: readonly ServerEvent[];
  /** The last close by the server, with its code; null while there was none. */
  readonly closed: Closed | null;
  /** How often the server has closed the connection. */
  readonly closes: number;
  /** What stands in a cell, `lineItems/l1/quantity`; `undefined` without the key. */
  get(cell: string): CellValue | undefined;
  /** Writes cells in one transaction, as `map.set` does. */
  set(cells: Readonly<Record<string, unknown>>): void;
  /** `map.delete` of a cell. */
  remove(cell: string): void;
  /** The body of a note. */
  text(note: string): Y.Text;
  setPresence(state: Readonly<Record<string, unknown>> | null): void;
  /** States of all other clients that it knows of. */
  others(): Record<string, unknown>[];
  /** Events of one type, oldest first. */
  eventsOf<Type extends ServerEvent['type']>(type: Type): Extract<ServerEvent, { type: Type }>[];
  /** Waits until the condition holds; rejects, naming `what`, if it does not in time. */
  until(condition: () => boolean, what: string, withinMs?: number): Promise<void>;
  untilSynced(): Promise<void>;
  /** Waits until a cell holds a value. */
  untilCell(cell: string, value: CellValue | undefined): Promise<void>;
  untilEvent<Type extends ServerEvent['type']>(
    type: Type,
    isWanted?: (event: Extract<ServerEvent, { type: Type }>) => boolean,
  ): Promise<Extract<ServerEvent, { type: Type }>>;
  untilClosed(): Promise<Closed>;
  /** Cuts the line as a lost network does, and stays away until `reconnect`. */
  disconnect(): void;
  reconnect(): void;
  /** Disconnects for good. May be called twice. */
  destroy(): void;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface StockClientOptions {
  /** `http://127.0.0.1:8080` or `ws://...`. */
  readonly url: string;
  readonly quote: string;
  readonly token?: string | undefined;
  /** Ask for the server's events, as our own client does. */
  readonly events?: boolean;
  readonly doc?: Y.Doc;
  /** False waits for `reconnect`. */
  readonly connect?: boolean;
}

/** How long anything may take that a client waits for. */
const WITHIN_MS = 10_000;

/** Connects, or does so later with `connect: false`. Whoever makes one destroys it. */
export function createStockClient(options: StockClientOptions): StockClient {
  const doc = options.doc ?? new Y.Doc();
  const params: Record<string, string> = {
    ...(options.token !== undefined && { token: options.token }),
    ...(options.events === true && { events: '1' }),
  };
  const url = `${options.url.replace(/^http/, 'ws').replace(/\/$/, '')}/sync`;
  const provider = new WebsocketProvider(url, options.quote, doc, {
    params,
    disableBc: true,
    connect: false,
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
  });

  const events: ServerEvent[] = [];
  const waiting = new Set<() => void>();
  let closed: Closed | null = null;
  let closes = 0;
  let isDestroyed = false;

  function look(): void {
    for (const check of waiting) check();
  }

  function noteClose({ code, reason }: Closed): void {
    closed = { code, reason };
    closes += 1;
    look();
  }

  provider.messageHandlers[MESSAGE_EVENT] = (_encoder: unknown, decoder: Decoder) => {
    events.push(serverEventSchema.parse(JSON.parse(readVarString(decoder))));
    // Others may wait for what the message brings to the document: it came before.
    queueMicrotask(look);
  };
  provider.on('connection-close', (event) => {
    if (event !== null) noteClose(event);
  });
  provider.on('sync', look);
  provider.on('status', look);
  doc.on('afterTransaction', look);
  provider.awareness.on('change', look);

  const client: StockClient = {
    doc,
    provider,
    events,
    get closed() {
      return closed;
    },
    get closes() {
      return closes;
    },

    get(cell) {
      const { root, key } = partsOf(cell);
      return doc.getMap<CellValue>(root).get(key);
    },
    set(cells) {
      doc.transact(() => {
        for (const [cell, value] of Object.entries(cells)) {
          const { root, key } = partsOf(cell);
          doc.getMap(root).set(key, value);
        }
      });
    },
    remove(cell) {
      const { root, key } = partsOf(cell);
      doc.getMap(root).delete(key);
    },
    text: (note) => doc.getText(`note/${note}`),
    setPresence: (state) => provider.awareness.setLocalState(state),
    others: () =>
      [...provider.awareness.getStates()].filter(([id]) => id !== doc.clientID).map(([, state]) => state),
    eventsOf: (type) => events.filter((event) => isOf(event, type)),

    until: (condition, what, withinMs = WITHIN_MS) =>
      new Promise((resolve, reject) => {
        const end = (finish: () => void): void => {
          clearTimeout(timer);
          waiting.delete(check);
          finish();
        };
        const check = (): void => {
          if (condition()) end(resolve);
        };
        const timer = setTimeout(() => {
          const last = closed === null ? 'never closed' : `closed with ${closed.code} ${closed.reason}`;
          end(() => reject(new Error(`waited ${withinMs} ms for ${what} (${options.quote}, ${last})`)));
        }, withinMs);
        waiting.add(check);
        check();
      }),
    untilSynced: () => client.until(() => provider.synced, 'the first sync'),
    untilCell: (cell, value) =>
      client.until(() => client.get(cell) === value, `${cell} to be ${String(value)}`),
    async untilEvent(type, isWanted = () => true) {
      const find = () => client.eventsOf(type).find(isWanted);
      await client.until(() => find() !== undefined, `an event "${type}"`);
      return present(find(), 'it was just found');
    },
    async untilClosed() {
      await client.until(() => closed !== null, 'a close');
      return present(closed, 'it was just closed');
    },

    disconnect: () => provider.disconnect(),
    reconnect: () => provider.connect(),
    destroy() {
      if (isDestroyed) return;
      isDestroyed = true;
      provider.destroy();
      provider.awareness.destroy();
    },
  };
  if (options.connect !== false) provider.connect();
  return client;
}

function partsOf(cell: string): { readonly root: string; readonly key: string } {
  // Tests also write what is no cell: then everything behind the first stroke is the key.
  const { root, key } = parseCellId(cell) ?? {
    root: cell.split('/')[0] ?? '',
    key: cell.split('/').slice(1).join('/'),
  };
  return { root, key };
}

function isOf<Type extends ServerEvent['type']>(
  event: ServerEvent,
  type: Type,
): event is Extract<ServerEvent, { type: Type }> {
  return event.type === type;
}

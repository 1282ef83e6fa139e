import type { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import type * as Y from 'yjs';
import type { QuoteId } from '../lib/ids.ts';
import { MESSAGE_EVENT, type ServerEvent } from '../wire/messages.ts';
import { type Closure, closureOf, noToken } from './closure.ts';
import { countSentFrames } from './frame-counter.ts';
import type { SaveEvent } from './save-state.ts';
import { decodeServerEvent } from './server-event.ts';

/**
 * The stock y-websocket provider, put to work for one quote. It keeps the connection alive and in sync by itself; this
 * file only listens: to what it sends and how it ends (for the save state), and to the server's own events.
 *
 * Order matters in two places. Our `update` listener is there before the provider's, so that an edit is known before its
 * frame is counted. And presence is renewed before each attempt: receivers ignore a clock that they have seen, and would
 * not see this client again after a reconnect.
 *
 * Tokens: `params` are read at each attempt. With `getToken`, one is fetched before the first attempt, and once more
 * when the server answers 4401; only if that one is refused as well is the connection closed.
 */
export interface Connection {
  readonly awareness: Awareness;
  /** Takes effect at the next attempt, which starts at once if a token is what was missing. */
  setToken(token: string): void;
  /** The newest one; null before there is one. */
  token(): string | null;
  /** Starts an attempt, also after a final close. */
  reconnect(): void;
  /** Hangs up until `reconnect`. */
  disconnect(): void;
  /** Ends it for good and frees its timers. May be called twice. */
  close(): void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly quoteId: QuoteId;
  readonly doc: Y.Doc;
  /** A token, or where to get one. */
  readonly token: string | TokenSource;
  /** Asks for every entry, and for the rules. */
  readonly entries: boolean;
  readonly webSocket: typeof WebSocket;
  readonly maxBackoffMs: number | undefined;
}

export type TokenSource = () => string | Promise<string>;

export interface ConnectionListener {
  progressed(event: SaveEvent): void;
  received(event: ServerEvent): void;
  /** A connection ended at the server's wish, or for good. */
  ended(closure: Closure): void;
}

export function createConnection(options: ConnectionOptions, listener: ConnectionListener): Connection {
  const { doc, token } = options;
  const getToken = typeof token === 'string' ? null : token;
  const params: Record<string, string> = {
    ...(typeof token === 'string' && { token }),
    events: '1',
    ...(options.entries && { entries: '1' }),
  };
  let isClosed = false;
  let lacksToken = false;
  /** Whether the token was fetched anew since the server last took one. */
  let isTokenFresh = false;
  let tokenRequests = 0;

  const onEdit = (_update: Uint8Array, origin: unknown): void => {
    if (origin !== provider) listener.progressed({ kind: 'edited' });
  };
  doc.on('update', onEdit);

  const provider = new WebsocketProvider(syncUrl(options.url), options.quoteId, doc, {
    connect: false,
    params,
    disableBc: true,
    WebSocketPolyfill: options.webSocket,
    ...(options.maxBackoffMs !== undefined && { maxBackoffTime: options.maxBackoffMs }),
  });
  const { awareness } = provider;

  provider.messageHandlers[MESSAGE_EVENT] = (_encoder, decoder) => {
    const event = decodeServerEvent(decoder);
    if (event === null) return;
    if (event.type === 'hello') isTokenFresh = false;
    listener.received(event);
  };

  provider.on('status', ({ status }) => {
    if (status === 'connecting') awareness.setLocalState(awareness.getLocalState());
    if (status !== 'connected' || provider.ws === null) return;
    listener.progressed({ kind: 'opened' });
    countSentFrames(provider.ws, (frame) => listener.progressed({ kind: 'sent', frame }));
  });

  provider.on('sync', (isSynced) => {
    if (!isSynced) return;
    isTokenFresh = false;
    listener.progressed({ kind: 'synced' });
  });

  provider.on('connection-close', (event) => {
    const closure = event === null ? null : closureOf(event.code, event.reason);
    // a final close is reported by `closed`, once the provider has settled down
    if (closure?.final === true) return;
    listener.progressed({ kind: 'lost', because: closure });
    if (closure !== null && closure.kind !== 'network') listener.ended(closure);
  });

  provider.on('closed', ({ code, reason }) => {
    const closure = closureOf(code, reason);
    lacksToken = closure.kind === 'unauthenticated';
    if (!lacksToken || getToken === null || isTokenFresh) return end(closure);
    isTokenFresh = true;
    listener.progressed({ kind: 'lost', because: closure });
    fetchToken(getToken);
  });

  function end(closure: Closure): void {
    listener.progressed({ kind: 'closed', because: closure });
    listener.ended(closure);
  }

  function fetchToken(source: TokenSource): void {
    lacksToken = true;
    tokenRequests += 1;
    const request = tokenRequests;
    const isCurrent = (): boolean => request === tokenRequests && !isClosed;
    Promise.resolve()
      .then(source)
      .then(
        (fetched) => {
          if (isCurrent()) useToken(fetched);
        },
        (error: unknown) => {
          if (isCurrent()) end(noToken(error instanceof Error ? error.message : String(error)));
        },
      );
  }

  function useToken(fresh: string): void {
    tokenRequests += 1;
    params['token'] = fresh;
    if (!lacksToken) return;
    lacksToken = false;
    connect();
  }

  function connect(): void {
    listener.progressed({ kind: 'retried' });
    provider.connect();
  }

  if (getToken === null) provider.connect();
  else fetchToken(getToken);

  return {
    awareness,
    setToken(fresh) {
      if (!isClosed) useToken(fresh);
    },
    token: () => params['token'] ?? null,
    reconnect() {
      if (isClosed) return;
      if (!lacksToken || getToken === null) return connect();
      listener.progressed({ kind: 'retried' });
      fetchToken(getToken);
    },
    disconnect() {
      // a token that is still to come shall not connect again
      tokenRequests += 1;
      provider.disconnect();
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      provider.destroy();
      awareness.destroy();
      doc.off('update', onEdit);
    },
  };
}

/** `http(s)://` becomes `ws(s)://`, and the path of the sync endpoint is added. */
function syncUrl(url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/sync`;
}

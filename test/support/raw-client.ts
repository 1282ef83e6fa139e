import { WebSocket } from 'ws';

/** A WebSocket without manners: sends what the test gives it, keeps what comes, answers nothing by itself but pings. */
export interface RawClient {
  readonly socket: WebSocket;
  /** Binary messages of the server, oldest first. */
  readonly received: readonly Uint8Array[];
  /** Null while the connection is open. */
  readonly closed: { readonly code: number; readonly reason: string } | null;
  send(frame: Uint8Array | string): void;
  untilClosed(): Promise<{ readonly code: number; readonly reason: string }>;
  /** Waits until a message of which this is true has come. */
  untilReceived(isWanted: (frame: Uint8Array) => boolean): Promise<Uint8Array>;
  destroy(): void;
}

/** How long anything may take that a client waits for. */
const WITHIN_MS = 10_000;

/** `url` is that of the server, `http://127.0.0.1:8080`; `path` what is asked for, with its query. Resolves when it is open. */
export function connectRaw(url: string, path: string): Promise<RawClient> {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + path);
  const received: Uint8Array[] = [];
  const waiting = new Set<() => void>();
  let closed: RawClient['closed'] = null;
  const look = (): void => {
    for (const check of waiting) check();
  };
  socket.on('message', (data: Buffer) => {
    received.push(new Uint8Array(data));
    look();
  });
  socket.on('close', (code, reason) => {
    closed = { code, reason: reason.toString() };
    look();
  });
  socket.on('error', look);

  const until = <T>(find: () => T | null, what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited ${WITHIN_MS} ms for ${what}`)), WITHIN_MS);
      const check = (): void => {
        const found = find();
        if (found === null) return;
        clearTimeout(timer);
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });

  const client: RawClient = {
    socket,
    received,
    get closed() {
      return closed;
    },
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame, () => undefined);
    },
    untilClosed: () => until(() => closed, 'a close'),
    untilReceived: (isWanted) => until(() => received.find(isWanted) ?? null, 'a message'),
    destroy: () => socket.terminate(),
  };
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(client));
    socket.once('error', reject);
  });
}

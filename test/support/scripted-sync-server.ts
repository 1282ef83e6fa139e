import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { type WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { MESSAGE_EVENT, type ServerEvent } from '../../src/wire/messages.ts';

/**
 * A server that speaks y-websocket's protocol and does nothing of its own accord: a test says what each connection
 * sends, and when it ends. It remembers every frame that it received, and merges them into `doc` only if asked to.
 */
export interface ScriptedServer {
  readonly url: string;
  /** The next connection that was not yet taken, in the order in which they came. */
  connection(): Promise<ScriptedConnection>;
  /** How many connections came so far. */
  connections(): number;
  close(): Promise<void>;
}

export type FrameKind = 'step1' | 'step2' | 'update' | 'presence';

export interface ReceivedFrame {
  readonly kind: FrameKind;
  readonly payload: Uint8Array;
}

export interface ScriptedConnection {
  readonly path: string;
  readonly params: URLSearchParams;
  readonly frames: readonly ReceivedFrame[];
  /** Resolves with the n-th frame (1 is the first) of this kind. */
  frame(kind: FrameKind, n?: number): Promise<ReceivedFrame>;
  /** Asks for what the client has that `doc` lacks. */
  sendStep1(doc?: Y.Doc): void;
  /** Gives the client all of `doc`; it counts as synced then. */
  sendStep2(doc?: Y.Doc): void;
  sendUpdate(update: Uint8Array): void;
  sendEvent(event: ServerEvent | { readonly type: string }): void;
  sendPresence(states: ReadonlyMap<number, { readonly clock: number; readonly state: unknown }>): void;
  close(code: number, reason?: string): void;
  /** Cuts the line without a goodbye. */
  cut(): void;
  /** Resolves once the client is gone. */
  readonly closed: Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const untaken: ScriptedConnection[] = [];
  const takers: ((connection: ScriptedConnection) => void)[] = [];
  let count = 0;

  server.on('connection', (socket, request) => {
    count += 1;
    const connection = scriptConnection(socket, request.url ?? '');
    const taker = takers.shift();
    if (taker === undefined) untaken.push(connection);
    else taker(connection);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    url: `ws://127.0.0.1:${address.port}`,
    connections: () => count,
    connection() {
      const ready = untaken.shift();
      return ready === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(ready);
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function scriptConnection(socket: WebSocket, path: string): ScriptedConnection {
  const frames: ReceivedFrame[] = [];
  const waiting = new Set<() => void>();
  socket.binaryType = 'arraybuffer';
  socket.on('message', (data) => {
    frames.push(decodeFrame(new Uint8Array(data as ArrayBuffer)));
    for (const check of waiting) check();
  });
  const send = (...parts: ((encoder: ReturnType<typeof createEncoder>) => void)[]): void => {
    const encoder = createEncoder();
    for (const part of parts) part(encoder);
    socket.send(toUint8Array(encoder));
  };
  const sendSync = (type: number, payload: Uint8Array): void =>
    send(
      (e) => writeVarUint(e, 0),
      (e) => writeVarUint(e, type),
      (e) => writeVarUint8Array(e, payload),
    );

  return {
    path,
    params: new URL(path, 'ws://127.0.0.1').searchParams,
    frames,
    frame: (kind, n = 1) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = frames.filter((frame) => frame.kind === kind)[n - 1];
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    sendStep1: (doc = new Y.Doc()) => sendSync(0, Y.encodeStateVector(doc)),
    sendStep2: (doc = new Y.Doc()) => sendSync(1, Y.encodeStateAsUpdate(doc)),
    sendUpdate: (update) => sendSync(2, update),
    sendEvent: (event) =>
      send(
        (e) => writeVarUint(e, MESSAGE_EVENT),
        (e) => writeVarString(e, JSON.stringify(event)),
      ),
    sendPresence: (states) => {
      const payload = createEncoder();
      writeVarUint(payload, states.size);
      for (const [client, { clock, state }] of states) {
        writeVarUint(payload, client);
        writeVarUint(payload, clock);
        writeVarString(payload, JSON.stringify(state));
      }
      send(
        (e) => writeVarUint(e, 1),
        (e) => writeVarUint8Array(e, toUint8Array(payload)),
      );
    },
    close: (code, reason = '') => socket.close(code, reason),
    cut: () => socket.terminate(),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
}

function decodeFrame(bytes: Uint8Array): ReceivedFrame {
  const decoder = createDecoder(bytes);
  const type = readVarUint(decoder);
  if (type === 1) return { kind: 'presence', payload: readVarUint8Array(decoder) };
  if (type !== 0) throw new Error(`unexpected message of type ${type}`);
  const syncKinds = ['step1', 'step2', 'update'] as const;
  const kind = syncKinds[readVarUint(decoder)];
  if (kind === undefined) throw new Error('unexpected sync message');
  return { kind, payload: readVarUint8Array(decoder) };
}

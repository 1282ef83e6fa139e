import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { Fault } from '../lib/fault.ts';
import { isQuoteId } from '../lib/ids.ts';
import { createCloser } from '../room/closer.ts';
import type { RoomConnection } from '../room/room.ts';
import type { Socket } from '../room/socket.ts';
import { type CloseCode, type CloseReason, closeCodes } from '../wire/close-codes.ts';
import type { RouteDeps } from './app.ts';
import { lookUpAnew } from './reassign.ts';
import { createFramer } from './websocket-frame.ts';

/**
 * The WebSocket side of the server: `/sync/<quote>?token=...&events=1`. Every upgrade is accepted, and who may not
 * stay is closed with a code that says why: a refused upgrade would be retried for ever.
 */
export interface Upgrades {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** How many are open. */
  connections(): number;
  /** Cuts what is still open. */
  terminate(): void;
}

interface Deps extends Pick<RouteDeps, 'access' | 'directory' | 'later' | 'limits' | 'report' | 'rooms'> {
  /** Told of every connection that is closed before it is in a room. */
  readonly denied: (code: CloseCode) => void;
}

export function createUpgrades(deps: Deps): Upgrades {
  const { limits } = deps;
  const frameOf = createFramer();
  const closer = createCloser({ later: deps.later, closed: deps.denied });
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    // Frames over our own limits are named and closed with 4400 by the room; this only bounds memory.
    maxPayload: 2 * Math.max(limits.syncFrameBytes, limits.otherFrameBytes),
  });

  function accept(webSocket: WebSocket, stream: Duplex, request: IncomingMessage): void {
    closeTooLargeAsMalformed(webSocket);
    const socket = socketOf(webSocket, stream, frameOf);
    // What broke the protocol is answered with a close, which still has to go out.
    webSocket.on('error', () => closer.cutSoon(socket));
    // Nothing is read before it is known who sends it, so strangers cannot fill our memory.
    webSocket.pause();
    let connection: RoomConnection | null = null;
    const leave = (code?: number): void => {
      connection?.closed(code);
      connection = null;
    };
    webSocket.on('message', (data, isBinary) => {
      const frame = bytesOf(data);
      if (isBinary) connection?.receive(frame);
      else {
        leave();
        closer.close(socket, { code: closeCodes.malformed, reason: 'a text frame; all frames are binary' });
      }
    });
    webSocket.on('pong', (data) => connection?.ponged(Number(data.toString('latin1'))));
    webSocket.on('close', (code) => leave(code));

    const enter = (joined: RoomConnection): void => {
      connection = joined;
      if (webSocket.readyState !== WebSocket.OPEN) leave();
    };
    join(socket, request, enter).then(
      () => {
        if (connection !== null) webSocket.resume();
      },
      (error: unknown) => {
        leave();
        const isRestart = error instanceof Fault && error.code === 'shutting_down';
        if (!isRestart) deps.report(error);
        const isBusy = error instanceof Fault && error.retryable;
        const reason = isBusy
          ? 'the server is not ready; please try again'
          : 'this quote cannot be opened; please tell an admin';
        closer.deny(socket, { code: closeCodes.tryAgain, reason });
      },
    );
  }

  /** Hands the connection to `enter` as soon as it is in its room; where it may not come in, it is closed. */
  async function join(
    socket: Socket,
    request: IncomingMessage,
    enter: (connection: RoomConnection) => void,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const refuse = (why: CloseReason): void => closer.deny(socket, why);
    const quote = quoteOf(url.pathname);
    if (quote === null) return refuse({ code: closeCodes.noSuchQuote, reason: 'there is no such quote' });
    const person = await deps.access.signIn(url.searchParams.get('token'));
    if (!person.ok) return refuse({ code: closeCodes.unauthenticated, reason: person.reason.message });
    const actor = await deps.access.actorIn(person.value, quote);
    if (actor === null)
      return refuse({ code: closeCodes.forbidden, reason: 'you have no access to this quote; ask a host' });
    const room = await deps.rooms.open(quote);
    if (room === null) return refuse({ code: closeCodes.noSuchQuote, reason: 'there is no such quote' });
    enter(
      room.join({
        socket,
        actor,
        name: person.value.name,
        expiresAt: person.value.tokenExpiresAt,
        wantsEvents: url.searchParams.get('events') === '1',
        wantsEntries: url.searchParams.get('entries') === '1',
      }),
    );
    // Whoever was shut out or got another role while they came in was not yet here to be told.
    await room.reassign(actor.user, lookUpAnew(deps, quote));
  }

  return {
    handle(request, socket, head) {
      server.handleUpgrade(request, socket, head, (webSocket) => accept(webSocket, socket, request));
    },
    connections: () => server.clients.size,
    terminate() {
      for (const webSocket of server.clients) webSocket.terminate();
    },
  };
}

function quoteOf(path: string): ReturnType<typeof toQuoteId> {
  const [, first, second, ...rest] = path.split('/');
  return first === 'sync' && second !== undefined && rest.length === 0 ? toQuoteId(second) : null;
}

function toQuoteId(text: string) {
  return isQuoteId(text) ? text : null;
}

function bytesOf(data: WebSocket.RawData): Uint8Array {
  if (Array.isArray(data)) return new Uint8Array(Buffer.concat(data));
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The library closes frames over `maxPayload` with 1009, which stock clients retry for ever. */
function closeTooLargeAsMalformed(webSocket: WebSocket): void {
  const close = webSocket.close.bind(webSocket);
  webSocket.close = (code, reason) => {
    if (code === 1009) close(closeCodes.malformed, 'a frame far above limits.syncFrameBytes');
    else close(code, reason);
  };
}

/**
 * Messages go to the TCP stream as ready-made frames: with the library's `send` each of a hundred readers would have the same
 * frame made anew, which costs more than the write. Its pings and closes go the same way, in order.
 */
function socketOf(webSocket: WebSocket, stream: Duplex, frameOf: (message: Uint8Array) => Buffer): Socket {
  return {
    send(message) {
      if (webSocket.readyState === WebSocket.OPEN) stream.write(frameOf(message));
    },
    unsentBytes: () => stream.writableLength,
    ping(revision) {
      if (webSocket.readyState === WebSocket.OPEN) webSocket.ping(String(revision));
    },
    close(code, reason) {
      // The other side's answer has to be read, also where nothing was so far.
      webSocket.resume();
      webSocket.close(code, reason);
    },
    terminate: () => webSocket.terminate(),
    onceGone(run) {
      if (webSocket.readyState === WebSocket.CLOSED) run();
      else webSocket.once('close', run);
    },
  };
}

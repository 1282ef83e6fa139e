import { CLOSE_GRACE_MS, DENY_AFTER_MS } from '../lib/limits.ts';
import { type CloseCode, type CloseReason, clipReason } from '../wire/close-codes.ts';
import type { Socket } from './socket.ts';

/** How the server ends a connection, in a room or before it is in one: it says why, and cuts what does not go through with it. */
export interface Closer {
  close(socket: Socket, why: CloseReason): void;
  /** The same for whoever may not come in: late, since most clients come back at once, and for ever. */
  deny(socket: Socket, why: CloseReason): void;
  /** Cuts a connection that is closing already, if it has not gone through with it in time. */
  cutSoon(socket: Socket): void;
}

interface Deps {
  readonly later: (ms: number, run: () => void) => () => void;
  /** Told of every connection that is closed. */
  readonly closed: (code: CloseCode) => void;
}

export function createCloser({ later, closed }: Deps): Closer {
  const closer: Closer = {
    close(socket, { code, reason }) {
      closed(code);
      socket.close(code, clipReason(reason));
      closer.cutSoon(socket);
    },
    deny(socket, why) {
      socket.onceGone(later(DENY_AFTER_MS, () => closer.close(socket, why)));
    },
    cutSoon(socket) {
      socket.onceGone(later(CLOSE_GRACE_MS, () => socket.terminate()));
    },
  };
  return closer;
}

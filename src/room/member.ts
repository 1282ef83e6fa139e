import type { Actor } from '../authority/actor.ts';
import type { Permission } from '../authority/role.ts';
import {
  KEEPALIVE_MS,
  PING_MS,
  UNSENT_HARD_BYTES,
  UNSENT_SOFT_BYTES,
  UNSENT_SOFT_MS,
} from '../lib/limits.ts';
import { type CloseCode, closeCodes } from '../wire/close-codes.ts';
import { encodeEvent } from '../wire/frames.ts';
import type { ServerEvent } from '../wire/messages.ts';
import type { WireUser } from '../wire/user-schema.ts';
import { type FrameLedger, createFrameLedger } from './frame-ledger.ts';
import { type Handshake, createHandshake } from './handshake.ts';
import { createPace } from './pace.ts';
import { type RateLimit, createTokenBucket } from './rate-limit.ts';
import type { Socket } from './socket.ts';

/**
 * One connection in a room: who it is, what it has been sent and has seen, and how far its own frames are settled. It bounds what
 * it holds for a slow reader; the room decides everything else.
 */
export interface Member {
  readonly id: string;
  readonly wantsEvents: boolean;
  /** Is told of every entry, and what the gate goes by; only with `wantsEvents`. */
  readonly wantsEntries: boolean;
  readonly joinedAt: number;
  readonly syncFrames: RateLimit;
  readonly otherFrames: RateLimit;
  /** With what it may do here now. */
  actor: Actor;
  /** What the quote's grants give it. */
  granted: Permission;
  /** Who has the pen instead, where it has less than that. */
  penWith: WireUser | null;
  /** Did nothing for so long that its presence was dropped. */
  isAway: boolean;
  name: string;
  readonly handshake: Handshake;
  /** True once it has come in: until then it is sent no updates. */
  readonly isLive: boolean;
  isClosed: boolean;
  readonly frames: FrameLedger;
  /** Newest revision of the whole quote that it is known to have seen. */
  readonly seen: number;
  readonly lastSentAt: number;

  /** Sends a frame, or closes a reader that is too far behind. */
  send(frame: Uint8Array, at: number): void;
  /** The same for a sync step 2, which a reader is given time for. */
  sendStep2(frame: Uint8Array, at: number): void;
  /** The same for what a slow reader can do without. */
  sendPresence(frame: Uint8Array, at: number): void;
  tell(event: ServerEvent, at: number): void;
  /** It has seen everything up to a revision. */
  sawUpTo(revision: number): void;
  /** Sends a ping behind everything up to a revision, unless one was sent just now or is on its way. */
  ping(revision: number, at: number): void;
  /** A ping came back: it has read everything up to the revision that it carried. */
  ponged(revision: number): void;
  /** Something came from it. */
  heard(at: number): void;
  /** Closes a reader that has been behind for too long, a connection that is dead, and one whose token has expired by `date`. */
  check(at: number, date: number): void;
  user(): WireUser;
}

export interface Joining {
  readonly socket: Socket;
  readonly actor: Actor;
  readonly name: string;
  readonly wantsEvents: boolean;
  readonly wantsEntries: boolean;
  /** When the token expires that it came with: ms since 1970. */
  readonly expiresAt: number;
}

/** Presence frames that come faster than this are dropped: stock clients echo what they are sent. */
const OTHER_FRAMES = { perSecond: 200, burst: 400 };
/** A living client answers pings, whatever else it does. */
const SILENCE_MS = 60_000;

export function createMember(
  { socket, actor, name, wantsEvents, wantsEntries, expiresAt }: Joining,
  own: { readonly id: string; readonly syncFrames: RateLimit; readonly at: number },
  close: (member: Member, code: CloseCode, reason: string) => void,
): Member {
  const pace = createPace();
  const handshake = createHandshake();
  let heardAt = own.at;
  let seen = 0;
  let lastSentAt = own.at;
  let pingedAt = -Infinity;
  let pinged: number | null = null;

  const bytesBehind = (at: number): number => pace.behind(socket.unsentBytes(), at);

  const member: Member = {
    id: own.id,
    wantsEvents,
    wantsEntries: wantsEvents && wantsEntries,
    joinedAt: own.at,
    syncFrames: own.syncFrames,
    otherFrames: createTokenBucket(OTHER_FRAMES),
    actor,
    granted: actor.permission,
    penWith: null,
    isAway: false,
    name,
    handshake,
    get isLive() {
      return handshake.state === 'live';
    },
    isClosed: false,
    frames: createFrameLedger(),
    get seen() {
      return seen;
    },
    get lastSentAt() {
      return lastSentAt;
    },

    send(frame, at) {
      if (member.isClosed) return;
      if (bytesBehind(at) > UNSENT_HARD_BYTES) {
        close(member, closeCodes.tooSlow, `more than ${UNSENT_HARD_BYTES} bytes wait for you to read them`);
        return;
      }
      lastSentAt = at;
      try {
        socket.send(frame);
      } catch {
        close(member, closeCodes.tryAgain, 'your connection takes nothing any more');
      }
    },
    sendStep2(frame, at) {
      member.send(frame, at);
      pace.grant(frame.length, at);
    },
    sendPresence(frame, at) {
      if (bytesBehind(at) <= UNSENT_SOFT_BYTES) member.send(frame, at);
    },
    tell(event, at) {
      if (wantsEvents) member.send(encodeEvent(event), at);
    },
    sawUpTo(revision) {
      seen = Math.max(seen, revision);
    },
    ping(revision, at) {
      if (member.isClosed || pinged !== null || at - pingedAt < PING_MS) return;
      pinged = revision;
      pingedAt = at;
      socket.ping(revision);
    },
    ponged(revision) {
      if (revision !== pinged) return;
      pinged = null;
      member.sawUpTo(revision);
    },
    heard(at) {
      heardAt = at;
    },
    check(at, date) {
      if (at - heardAt >= KEEPALIVE_MS) member.ping(seen, at);
      if (date >= expiresAt) {
        close(member, closeCodes.unauthenticated, 'your sign-in has expired; sign in again');
      } else if (at - heardAt >= SILENCE_MS) {
        close(member, closeCodes.tryAgain, `nothing was heard from you for ${SILENCE_MS / 1000} s`);
      } else if (pace.isStuck(socket.unsentBytes(), at)) {
        close(
          member,
          closeCodes.tooSlow,
          `more than ${UNSENT_SOFT_BYTES} bytes wait for ${UNSENT_SOFT_MS / 1000} s`,
        );
      }
    },
    user: () => ({ id: member.actor.user, name: member.name, role: member.actor.role }),
  };
  return member;
}

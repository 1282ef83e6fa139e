import type { Actor } from '../authority/actor.ts';
import type { Limits } from '../lib/limits.ts';
import {
  KEEPALIVE_MS,
  PING_MS,
  UNSENT_HARD_BYTES,
  UNSENT_SOFT_BYTES,
  UNSENT_SOFT_MS,
} from '../lib/limits.ts';
import { type CloseCode, closeCodes } from '../wire/close-codes.ts';
import { encodeEvent } from '../wire/frames.ts';
import type { ServerEvent, WireUser } from '../wire/messages.ts';
import { type Handshake, createHandshake } from './handshake.ts';
import { createPace } from './pace.ts';
import { type RateLimit, createTokenBucket } from './rate-limit.ts';
import type { Socket } from './socket.ts';

/**
 * One connection in a room: who it is, what it has been sent and told, and how far its own frames are settled. It bounds what
 * it holds for a slow reader; the room decides everything else.
 */
export interface Member {
  readonly id: string;
  readonly wantsEvents: boolean;
  readonly joinedAt: number;
  readonly syncFrames: RateLimit;
  readonly otherFrames: RateLimit;
  actor: Actor;
  name: string;
  readonly handshake: Handshake;
  /** True once it has come in: until then it is sent no updates. */
  readonly isLive: boolean;
  isClosed: boolean;
  /** Newest revision of the whole quote that it is known to have seen. */
  seen: number;
  /** Its frames that count, oldest first, each with the revision that settles it; Infinity beyond a gap, until a step 2 heals it. */
  unsettled: number[];
  settledFrames: number;
  lastSentAt: number;

  /** Sends a frame, or closes a reader that is too far behind. */
  send(frame: Uint8Array, at: number): void;
  /** The same for a sync step 2, which a reader is given time for. */
  sendStep2(frame: Uint8Array, at: number): void;
  /** The same for what a slow reader can do without. */
  sendPresence(frame: Uint8Array, at: number): void;
  tell(event: ServerEvent, at: number): void;
  /** Asks by a ping whether it has read everything up to a revision, unless it was asked just now or has not answered. */
  ask(revision: number, at: number): void;
  /** It has read everything up to the revision of its last ping. */
  answered(revision: number): void;
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
  /** When the token expires that it came with: ms since 1970. */
  readonly expiresAt: number;
}

/** Presence frames that come faster than this are dropped: stock clients echo what they are sent. */
const OTHER_FRAMES = { perSecond: 200, burst: 400 };
/** A living client answers pings, whatever else it does. */
const SILENCE_MS = 60_000;

export function createMember(
  { socket, actor, name, wantsEvents, expiresAt }: Joining,
  own: { readonly id: string; readonly limits: Limits; readonly at: number },
  close: (member: Member, code: CloseCode, reason: string) => void,
): Member {
  const pace = createPace();
  const handshake = createHandshake();
  let heardAt = own.at;
  let askedAt = -Infinity;
  let asked: number | null = null;

  const bytesBehind = (at: number): number => pace.behind(socket.unsentBytes(), at);

  const member: Member = {
    id: own.id,
    wantsEvents,
    joinedAt: own.at,
    syncFrames: createTokenBucket({
      perSecond: own.limits.syncFramesPerSecond,
      burst: own.limits.syncFramesBurst,
    }),
    otherFrames: createTokenBucket(OTHER_FRAMES),
    actor,
    name,
    handshake,
    get isLive() {
      return handshake.state === 'live';
    },
    isClosed: false,
    seen: 0,
    unsettled: [],
    settledFrames: 0,
    lastSentAt: own.at,

    send(frame, at) {
      if (member.isClosed) return;
      if (bytesBehind(at) > UNSENT_HARD_BYTES) {
        close(member, closeCodes.tooSlow, `more than ${UNSENT_HARD_BYTES} bytes wait for you to read them`);
        return;
      }
      member.lastSentAt = at;
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
    ask(revision, at) {
      if (member.isClosed || asked !== null || at - askedAt < PING_MS) return;
      asked = revision;
      askedAt = at;
      socket.ping(revision);
    },
    answered(revision) {
      if (revision !== asked) return;
      asked = null;
      member.seen = Math.max(member.seen, revision);
    },
    heard(at) {
      heardAt = at;
    },
    check(at, date) {
      if (at - heardAt >= KEEPALIVE_MS) member.ask(member.seen, at);
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

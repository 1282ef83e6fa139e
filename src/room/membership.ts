import type { Actor } from '../authority/actor.ts';
import type { UserId } from '../lib/ids.ts';
import { type Limits, CLOSE_GRACE_MS, DENY_AFTER_MS } from '../lib/limits.ts';
import { type CloseCode, closeCodes } from '../wire/close-codes.ts';
import type { CloseReason } from './frame-limits.ts';
import { type Joining, type Member, createMember } from './member.ts';
import type { RefusalLimits } from './refusal-limits.ts';
import type { RoomMetrics } from './room-metrics.ts';
import type { Socket } from './socket.ts';

/** Who is connected to a room: lets people in within the limits, and closes connections. */
export interface Membership {
  readonly members: ReadonlyMap<string, Member>;
  /** Null for whoever may not come in: then the socket is closed with the reason. */
  admit(joining: Joining, at: number): Member | null;
  /** The socket is gone. */
  remove(member: Member): void;
  close(member: Member, code: CloseCode, reason: string): void;
  closeAll(code: CloseCode, reason: string): void;
  /** False if nothing is another than it was. */
  reassign(member: Member, actor: Actor, name: string, at: number): boolean;
  /** Since when nobody is here, in ms since 1970; null while somebody is. */
  emptySince(): number | null;
}

interface Deps {
  readonly limits: Limits;
  readonly participantsMax: number;
  readonly refusals: Pick<RefusalLimits, 'findOver'>;
  readonly metrics: RoomMetrics;
  readonly now: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly newId: () => string;
}

/** RFC 6455, section 5.5: a close frame holds 125 bytes, two of them the code. */
const REASON_BYTES_MAX = 123;

export function createMembership(
  { limits, participantsMax, refusals, metrics, now, later, newId }: Deps,
  { onLeave }: { readonly onLeave: (member: Member) => void },
): Membership {
  const members = new Map<string, Member>();
  const sockets = new Map<string, Socket>();
  let emptySince: number | null = now();
  let isShut = false;

  function remove(member: Member): void {
    if (!members.delete(member.id)) return;
    member.isClosed = true;
    sockets.delete(member.id);
    if (members.size === 0) emptySince = now();
    onLeave(member);
  }

  function close(member: Member, code: CloseCode, reason: string): void {
    const socket = sockets.get(member.id);
    if (socket === undefined) return;
    metrics.closed(code);
    remove(member);
    shut(socket, code, reason);
  }

  /** Closes, and cuts where the other side does not answer in time. */
  function shut(socket: Socket, code: CloseCode, reason: string): void {
    socket.close(code, clipBytes(reason));
    later(CLOSE_GRACE_MS, () => socket.terminate());
  }

  /** Why nobody, or not this one, may come in. */
  function findObstacle(actor: Actor, at: number): CloseReason | null {
    if (isShut) return { code: closeCodes.tryAgain, reason: 'the room is closing' };
    const full = findFull(actor.user);
    return full === null ? refusals.findOver(actor, at) : { code: closeCodes.full, reason: full };
  }

  /** Late, but by a room that closes: most clients come back at once, and for ever. */
  function deny(socket: Socket, { code, reason }: CloseReason): void {
    metrics.closed(code);
    if (isShut) shut(socket, code, reason);
    else later(DENY_AFTER_MS, () => shut(socket, code, reason));
  }

  function findFull(user: UserId): string | null {
    const users = new Set<UserId>();
    let own = 0;
    for (const { actor } of members.values()) {
      users.add(actor.user);
      if (actor.user === user) own += 1;
    }
    if (own >= limits.connectionsPerUserAndQuote)
      return `you have this quote open ${own} times; close one of them`;
    return users.size >= participantsMax && own === 0
      ? `${users.size} people are in this quote, which is the limit`
      : null;
  }

  return {
    members,
    admit(joining, at) {
      const obstacle = findObstacle(joining.actor, at);
      if (obstacle !== null) {
        deny(joining.socket, obstacle);
        return null;
      }
      const member = createMember(joining, { id: newId(), limits, at }, close);
      members.set(member.id, member);
      sockets.set(member.id, joining.socket);
      emptySince = null;
      return member;
    },
    remove,
    close,
    closeAll(code, reason) {
      isShut = true;
      for (const member of members.values()) close(member, code, reason);
    },
    reassign(member, actor, name, at) {
      const isSame = actor.role === member.actor.role && actor.permission === member.actor.permission;
      if (isSame && name === member.name) return false;
      member.actor = actor;
      member.name = name;
      if (!isSame) member.tell({ type: 'permission', permission: actor.permission, role: actor.role }, at);
      return true;
    },
    emptySince: () => emptySince,
  };
}

function clipBytes(reason: string): string {
  const bytes = new TextEncoder().encode(reason);
  if (bytes.length <= REASON_BYTES_MAX) return reason;
  return new TextDecoder().decode(bytes.slice(0, REASON_BYTES_MAX - 3)).replace(/\uFFFD+$/u, '');
}

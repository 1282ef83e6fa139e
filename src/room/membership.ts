import type { Actor } from '../authority/actor.ts';
import type { UserId } from '../lib/ids.ts';
import type { Limits } from '../lib/limits.ts';
import { type CloseCode, type CloseReason, closeCodes } from '../wire/close-codes.ts';
import type { Closer } from './closer.ts';
import { type Joining, type Member, createMember } from './member.ts';
import { type RateLimit, createTokenBucket } from './rate-limit.ts';
import type { RefusalLimits } from './refusal-limits.ts';
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
  /** Since when nobody is here, by the steady clock; null while somebody is. */
  emptySince(): number | null;
}

interface Deps {
  readonly limits: Limits;
  readonly participantsMax: number;
  readonly refusals: Pick<RefusalLimits, 'findOver'>;
  readonly closer: Closer;
  readonly steadyNow: () => number;
  readonly newId: () => string;
}

export function createMembership(
  { limits, participantsMax, refusals, closer, steadyNow, newId }: Deps,
  { onLeave }: { readonly onLeave: (member: Member) => void },
): Membership {
  const members = new Map<string, Member>();
  const sockets = new Map<string, Socket>();
  /** Kept while the room lives, or coming back would be a way around it. */
  const syncFramesOf = new Map<UserId, RateLimit>();
  let emptySince: number | null = steadyNow();
  let isShut = false;

  function remove(member: Member): void {
    if (!members.delete(member.id)) return;
    member.isClosed = true;
    sockets.delete(member.id);
    if (members.size === 0) emptySince = steadyNow();
    onLeave(member);
  }

  function close(member: Member, code: CloseCode, reason: string): void {
    const socket = sockets.get(member.id);
    if (socket === undefined) return;
    remove(member);
    closer.close(socket, { code, reason });
  }

  function syncFramesFor(user: UserId): RateLimit {
    const { syncFramesPerSecond: perSecond, syncFramesBurst: burst } = limits;
    const frames = syncFramesOf.get(user) ?? createTokenBucket({ perSecond, burst });
    syncFramesOf.set(user, frames);
    return frames;
  }

  /** Why nobody, or not this one, may come in. */
  function findObstacle(actor: Actor, at: number): CloseReason | null {
    if (isShut) return { code: closeCodes.tryAgain, reason: 'the room is closing' };
    const full = findFull(actor.user);
    return full === null ? refusals.findOver(actor, at) : { code: closeCodes.full, reason: full };
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
        // A room that closes has nobody wait.
        if (isShut) closer.close(joining.socket, obstacle);
        else closer.deny(joining.socket, obstacle);
        return null;
      }
      const own = { id: newId(), syncFrames: syncFramesFor(joining.actor.user), at };
      const member = createMember(joining, own, close);
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

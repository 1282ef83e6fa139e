import type { Actor } from '../authority/actor.ts';
import type { UserId } from '../lib/ids.ts';
import type { Limits } from '../lib/limits.ts';
import { ABNORMAL, type CloseCode, type CloseReason, closeCodes } from '../wire/close-codes.ts';
import type { WireUser } from '../wire/user-schema.ts';
import type { Closer } from './closer.ts';
import { type Joining, type Member, createMember } from './member.ts';
import { type Pen, type PenUser, createPen } from './pen.ts';
import { type RateLimit, createTokenBucket } from './rate-limit.ts';
import type { RefusalLimits } from './refusal-limits.ts';
import type { Socket } from './socket.ts';

/** Who is connected to a room: lets people in within the limits, and closes connections. */
export interface Membership {
  readonly members: ReadonlyMap<string, Member>;
  /** Null for whoever may not come in: then the socket is closed with the reason. */
  admit(joining: Joining, at: number): Member | null;
  /** The socket is gone; with what code, as far as it is known. */
  remove(member: Member, code: number): void;
  close(member: Member, code: CloseCode, reason: string): void;
  closeAll(code: CloseCode, reason: string): void;
  /** What the member is called, and may do by the quote's grants, from now on. False if nothing is another than it was. */
  reassign(member: Member, granted: Actor, name: string, at: number): boolean;
  /** Who has the pen, where only one person edits at a time; null where nobody does, or everybody may. */
  penHolder(): WireUser | null;
  /** The member does nothing for long, or something again. */
  setAway(member: Member, isAway: boolean): void;
  tick(at: number): void;
  /** Closes everyone, and lets others in all the same. */
  emptyOut(code: CloseCode, reason: string): void;
  /** Since when nobody is here, by the steady clock; null while somebody is. */
  emptySince(): number | null;
}

interface Deps {
  readonly limits: Limits;
  /** False: only one person edits at a time, see `pen.ts`. */
  readonly isShared: boolean;
  /** Why the person may not come into the session, or null. */
  readonly findFull: (user: UserId) => string | null;
  readonly refusals: Pick<RefusalLimits, 'findOver'>;
  readonly closer: Closer;
  readonly steadyNow: () => number;
  readonly newId: () => string;
}

interface MembershipListener {
  /** `code`: how the connection ended. */
  readonly onLeave: (member: Member, code: number) => void;
  /** Name, role or permission is another now. */
  readonly onReassign: (member: Member, at: number) => void;
}

export function createMembership(
  { limits, isShared, findFull, refusals, closer, steadyNow, newId }: Deps,
  { onLeave, onReassign }: MembershipListener,
): Membership {
  const members = new Map<string, Member>();
  const sockets = new Map<string, Socket>();
  /** Kept while the room lives, or coming back would be a way around it. */
  const syncFramesOf = new Map<UserId, RateLimit>();
  const pen: Pen = createPen({ isShared });
  /** As they were called when they got it: they may not be here just now. */
  let penUser: WireUser | null = null;
  let emptySince: number | null = steadyNow();
  let isShut = false;

  function remove(member: Member, code: number): void {
    if (!members.delete(member.id)) return;
    member.isClosed = true;
    sockets.delete(member.id);
    if (members.size === 0) emptySince = steadyNow();
    onLeave(member, code);
    const at = steadyNow();
    if (CUT.has(code)) pen.cut(member.actor.user, at);
    if (!isShut) passPen(at);
  }

  function close(member: Member, code: CloseCode, reason: string): void {
    const socket = sockets.get(member.id);
    if (socket === undefined) return;
    remove(member, code);
    closer.close(socket, { code, reason });
  }

  const penUsers = (): PenUser[] =>
    [...members.values()].map(({ actor, granted, isAway }) => ({ user: actor.user, granted, isAway }));

  function penHolder(): WireUser | null {
    const { holder } = pen;
    if (holder === null) return null;
    return [...members.values()].find(({ actor }) => actor.user === holder)?.user() ?? penUser;
  }

  function passPen(at: number, newcomer: Member | null = null): void {
    const isPassed = pen.look(penUsers(), at);
    // It is told by its greeting.
    if (newcomer !== null) assign(newcomer, at, { isNew: true });
    if (!isPassed) return;
    penUser = penHolder();
    for (const member of members.values()) assign(member, at);
  }

  /** Gives the member what it may do now; tells it, and gives true, where that is another than it was. */
  function assign(member: Member, at: number, { isNew = false } = {}): boolean {
    const { actor, granted } = member;
    const permission = pen.permissionOf(actor.user, granted);
    const holder = permission === granted ? null : penHolder();
    const isSame = permission === actor.permission && holder?.id === member.penWith?.id;
    member.penWith = holder;
    if (isSame) return false;
    member.actor = { ...actor, permission };
    if (!isNew) {
      tellPermission(member, at);
      onReassign(member, at);
    }
    return true;
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
    const full = findTooMany(actor.user) ?? findFull(actor.user);
    return full === null ? refusals.findOver(actor, at) : { code: closeCodes.full, reason: full };
  }

  function findTooMany(user: UserId): string | null {
    let own = 0;
    for (const { actor } of members.values()) if (actor.user === user) own += 1;
    return own >= limits.connectionsPerUserAndQuote
      ? `you have this quote open ${own} times; close one of them`
      : null;
  }

  function emptyOut(code: CloseCode, reason: string): void {
    for (const member of members.values()) close(member, code, reason);
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
      passPen(at, member);
      return member;
    },
    remove,
    close,
    closeAll(code, reason) {
      isShut = true;
      emptyOut(code, reason);
    },
    emptyOut,
    reassign(member, { role, permission: granted }, name, at) {
      const { actor } = member;
      const isRenamed = name !== member.name;
      const isRanked = role !== actor.role;
      member.name = name;
      member.granted = granted;
      member.actor = { ...actor, role };
      passPen(at);
      const isAssigned = assign(member, at);
      if (isAssigned || (!isRenamed && !isRanked)) return isAssigned;
      if (isRanked) tellPermission(member, at);
      onReassign(member, at);
      return true;
    },
    penHolder,
    setAway(member, isAway) {
      if (member.isAway === isAway) return;
      member.isAway = isAway;
      passPen(steadyNow());
    },
    // A pen that was kept is passed on in the end.
    tick: (at) => passPen(at),
    // While a pen is kept, there is something that is not to be forgotten.
    emptySince: () => (pen.holder === null ? emptySince : null),
  };
}

/** The line was cut, or the client is told to come back: not a goodbye. */
const CUT: ReadonlySet<number> = new Set([
  ABNORMAL,
  closeCodes.tryAgain,
  closeCodes.tooSlow,
  closeCodes.tooFast,
]);

function tellPermission(member: Member, at: number): void {
  const { permission, role } = member.actor;
  const { penWith } = member;
  member.tell({ type: 'permission', permission, role, ...(penWith !== null && { penWith }) }, at);
}

import { mayChoose } from '../authority/conflicts.ts';
import { type Judged } from '../authority/gate.ts';
import { type GivenPermission, mayEdit } from '../authority/role.ts';
import { isRefused } from '../authority/verdict.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { SaidHere, Session, SessionChange, Sessions } from '../session/sessions.ts';
import { type FoundConflict, createConflictDesk } from './conflict-desk.ts';
import type { DirectWriter } from './direct-writer.ts';
import type { DurableUpdate } from './durable-update.ts';
import type { Member } from './member.ts';
import type { Membership } from './membership.ts';
import { type RoomConflicts, createRoomConflicts } from './room-conflicts.ts';
import { createRoomSession } from './room-session.ts';
import { createSessionNews } from './session-news.ts';
import type { Names } from './verdict-messages.ts';

/**
 * What a room has to do with the session of its quote: who takes part, what equals disagree on, and what members are told of both.
 * It follows the edits, and has no part in them.
 */
export interface LiveSession {
  /** Held conflicts, for those who list and settle them. */
  readonly conflicts: RoomConflicts;
  /** The open session's id, or null: entries name it. */
  currentId(): string | null;
  /** The member takes part in the open session, or in a new one. Gives its id. */
  enter(member: Member): string;
  /** The member was sent its `hello`. */
  greet(member: Member): void;
  /** `code`: how the connection ended. */
  leave(member: Member, code: number): void;
  /** Name, role or permission is another now. */
  reassigned(member: Member): void;
  said(member: Member, said: SaidHere): void;
  /** What became durable, and everyone was shown. */
  follow(updates: readonly DurableUpdate[], at: number): void;
  /** The session is another now: members are told, and let go where it ended. */
  changed(session: Session, change: SessionChange): void;
  tick(at: number): void;
}

interface Deps {
  readonly quote: QuoteId;
  readonly sessions: Sessions;
  readonly membership: Pick<Membership, 'members' | 'emptyOut'>;
  readonly names: Names;
  readonly holdMs: number;
  readonly found: readonly FoundConflict[];
  readonly write: DirectWriter;
  readonly permissionOf: (user: UserId, quote: QuoteId) => Promise<GivenPermission>;
  readonly steadyNow: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  /** Something went wrong that leaves the room as it was. */
  readonly report: (error: unknown) => void;
}

export function createLiveSession(deps: Deps): LiveSession {
  const { names, membership, write, report } = deps;
  const desk = createConflictDesk(deps);
  const session = createRoomSession(deps);
  const news = createSessionNews({ ...deps, session, desk });
  const conflicts = createRoomConflicts({
    desk,
    write,
    names,
    async mayStillEdit(user) {
      const permission = await deps.permissionOf(user, deps.quote);
      return permission !== 'none' && mayEdit(permission);
    },
    report,
    changed(event) {
      session.conflicted(event, desk.facts());
      news.tellLooks();
    },
  });
  session.found(desk.facts());

  const isHere = (user: UserId): boolean =>
    [...membership.members.values()].some(({ actor }) => actor.user === user);

  return {
    conflicts,
    currentId: session.currentId,
    enter: session.enter,
    greet: news.greet,
    leave(member, code) {
      session.leave(member, code);
      if (!isHere(member.actor.user)) conflicts.letGoOfAll(member.actor.user);
    },
    reassigned(member) {
      session.reassigned(member);
      for (const n of desk.lookedAtBy(member.actor.user)) {
        const conflict = desk.find(n);
        if (conflict !== null && !mayChoose(member.actor, conflict)) conflicts.letGo(n, member.actor);
      }
      news.tellConflictsTo(member);
    },
    said: session.said,
    follow(updates, at) {
      let isConflictChanged = false;
      for (const update of updates) {
        const { judged, actor, origin } = update;
        // First that somebody wrote: the write that settles a conflict is not the next edit, which ends the state `resolved`.
        if (origin !== 'system') session.wrote(actor.user, countStood(judged));
        const events = desk.follow(update, at);
        for (const event of events) session.conflicted(event, desk.facts());
        if (events.length > 0 || judged.conflicts.length > 0) isConflictChanged = true;
      }
      if (isConflictChanged) news.tellConflicts();
    },
    changed: news.changed,
    tick: conflicts.expire,
  };
}

/** Writes and texts that stand. */
function countStood({ verdicts, notes }: Judged): number {
  let count = notes.length;
  for (const verdict of verdicts) if (!isRefused(verdict)) count += 1;
  return count;
}

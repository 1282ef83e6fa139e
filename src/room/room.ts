import { createActiveEdits } from '../authority/active-edits.ts';
import type { Actor, Origin } from '../authority/actor.ts';
import type { Gate, Judged, Submission } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import type { GivenPermission } from '../authority/role.ts';
import { isRefused } from '../authority/verdict.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Limits } from '../lib/limits.ts';
import type { GroupCommit } from '../log/group-commit.ts';
import type { Head, QuoteSummary } from '../log/log.ts';
import type { Reservation } from '../session/directory.ts';
import { type SessionLimits, findFull } from '../session/find-full.ts';
import type { Session, SessionChange, Sessions } from '../session/sessions.ts';
import { ABNORMAL, type CloseReason, closeCodes } from '../wire/close-codes.ts';
import type { WireUser } from '../wire/user-schema.ts';
import { createCloser } from './closer.ts';
import type { FoundConflict } from './conflict-desk.ts';
import { countForSession } from './counted-metrics.ts';
import { createDirectWriter } from './direct-writer.ts';
import type { WriteOutcome, WriteRequest } from './direct-writes.ts';
import { createDurability } from './durability.ts';
import type { DurableUpdate } from './durable-update.ts';
import { createEntryNews } from './entry-news.ts';
import { createEntryWriter } from './entry-writer.ts';
import { type ExplainedVerdict, explainVerdicts } from './explain-verdicts.ts';
import { createInflow } from './inflow.ts';
import { createLiveSession } from './live-session.ts';
import type { Joining, Member } from './member.ts';
import { createMembership } from './membership.ts';
import { createOutflow } from './outflow.ts';
import { createPresenceBoard } from './presence-board.ts';
import { createRefusalLimits } from './refusal-limits.ts';
import { createReservations } from './reservations.ts';
import type { RoomConflicts } from './room-conflicts.ts';
import type { RoomMetrics } from './room-metrics.ts';
import { createRunningSummary } from './summary.ts';
import type { Names } from './verdict-messages.ts';

/**
 * One quote live. The room puts the steps in order and decides nothing itself:
 *
 *   frame -> decode -> gate (read, decide, rewrite, merge) -> log, durably -> everyone, and verdicts to the author
 *
 * - Nobody is shown or told anything of an entry before it is durable; what goes out goes out in the order of entries.
 * - All updates that became durable together go out as one frame, encoded once.
 * - The gate merges before the append. If the append fails, the room is ahead of the log: it breaks, is dropped whole,
 *   and clients offer their edits again to the one that is loaded from the log.
 * - A closed room writes nothing any more: by then another one may be writing the quote's next entries.
 */
export interface Room {
  readonly quote: QuoteId;
  readonly gate: Gate;
  readonly conflicts: RoomConflicts;
  join(joining: Joining): RoomConnection;
  /** Writes that come without a Yjs client. Resolves when they are durable. Throws what `DirectWriter` does. */
  write(request: WriteRequest): Promise<WriteOutcome>;
  /** Calls `read` now and gives its result once all that it could see is durable. Throws `Fault` `room_closed`. */
  readDurably<T>(read: (gate: Gate) => T): Promise<T>;
  members(): readonly WireUser[];
  /** A person's role or permission is another now; `permission: 'none'` closes their connections. */
  reassign(user: UserId, change: (actor: Actor, name: string) => Promise<Reassigned>): Promise<void>;
  /** The session of the quote is another now: its members are told, and let go where it ended. */
  sessionChanged(session: Session, change: SessionChange): void;
  /** Takes the presence of a connection away, whose person did nothing for so long. */
  hush(connection: string): void;
  /** Looks at everything that hangs on time. */
  tick(at: number): void;
  /**
   * Since when nobody is connected, by the steady clock; null while somebody is, something is under way, a held conflict is open, or
   * refusals of the last minute count.
   */
  emptySince(): number | null;
  /** Closes all connections and takes no more. What was received is still appended: see {@link drained}. */
  close(why: CloseReason): void;
  /** Resolves when no append is under way. */
  drained(): Promise<void>;
}

export type Reassigned = { readonly actor: Actor; readonly name: string } | 'none';

export interface RoomConnection {
  receive(frame: Uint8Array): void;
  /** A ping that carried this revision came back. */
  ponged(revision: number): void;
  /** The socket is gone; with what code, if one is known. */
  closed(code?: number): void;
}

/** What all rooms of a process share. */
export interface RoomDeps extends SessionLimits {
  readonly policy: Policy;
  readonly policyHash: string;
  readonly limits: Limits;
  /** False: one person edits a quote at a time, see `pen.ts`. */
  readonly isShared: boolean;
  readonly sessions: Sessions;
  readonly commit: GroupCommit;
  /** By the grants of the quote, as they are now. */
  readonly permissionOf: (user: UserId, quote: QuoteId) => Promise<GivenPermission>;
  readonly names: Names;
  readonly metrics: RoomMetrics;
  /** ms since 1970 when the process began, and never running back since: for all that lasts */
  readonly steadyNow: () => number;
  /** ms since 1970: for what is written down, and for the dates of tokens */
  readonly date: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly newId: () => string;
  /** Entries became durable, and everyone was sent them. */
  readonly told: (quote: QuoteId, updates: readonly DurableUpdate[]) => void;
}

/** The quote that a room opens, as it was loaded. */
export interface OpenedQuote {
  readonly quote: QuoteId;
  readonly gate: Gate;
  readonly head: Head;
  readonly createdBy: string;
  readonly summary: QuoteSummary | null;
  readonly reservations: readonly Reservation[];
  /** The held conflicts that are open. */
  readonly conflicts: readonly FoundConflict[];
}

/** What a room tells whoever keeps it. */
export interface RoomKeeper {
  readonly saveSummary: (summary: QuoteSummary) => void;
  /** A client id was announced for the first time. */
  readonly saveReservation: (client: number, user: UserId) => void;
  /** The room is no longer what the log says: drop it. */
  readonly onBroken: (error: unknown) => void;
  /** Something went wrong that leaves the room as it was. */
  readonly report: (error: unknown) => void;
}

/** Where a submission came from, and when. */
interface Received {
  readonly origin: Origin;
  /** The connection it came over; null where it came without one. */
  readonly member: Member | null;
  /** By the steady clock, before it was read. */
  readonly receivedAt: number;
}

export function createRoom(deps: RoomDeps, opened: OpenedQuote, keeper: RoomKeeper): Room {
  const { limits, policy, names } = deps;
  const { quote, gate } = opened;
  const counted = countForSession(deps.metrics, deps.sessions, quote);
  const { metrics } = counted;
  const activeEdits = createActiveEdits(policy.settings.leaseSeconds * 1000);
  const summary = createRunningSummary(gate.doc, { id: quote, createdBy: opened.createdBy }, opened.summary);
  const entries = createEntryWriter({
    ...deps,
    ...opened,
    summary,
    sessionId: () => deps.sessions.idOf(quote),
  });
  const refusals = createRefusalLimits(limits);
  const reservations = createReservations({
    ledger: gate.ledger,
    stored: opened.reservations,
    save: keeper.saveReservation,
  });
  const closer = createCloser({ later: deps.later, closed: metrics.closed });
  const durability = createDurability(gate);
  let lastAt = opened.head.at;
  let isClosed = false;
  let isBroken = false;

  const membership = createMembership(
    { ...deps, refusals, closer, findFull: (user) => findFull(deps.sessions, deps, quote, user) },
    {
      onLeave(member, code) {
        board.leave(member);
        live.leave(member, code);
      },
      onReassign(member, at) {
        board.reassigned(member, at);
        live.reassigned(member);
      },
    },
  );
  const { members } = membership;
  const board = createPresenceBoard({
    members,
    activeEdits,
    reservations,
    limits,
    present(member, said) {
      if (said.isActivity) membership.setAway(member, false);
      live.said(member, said);
    },
    steadyNow: deps.steadyNow,
    later: (ms, run) => deps.later(ms, () => guarded(run)),
  });
  const outflow = createOutflow({
    members,
    gate,
    durability,
    names,
    entryNews: createEntryNews({ members, gate, policy, durability, names }),
    metrics,
    steadyNow: deps.steadyNow,
    everyoneTold(updates, at) {
      live.follow(updates, at);
      deps.told(quote, updates);
    },
    sendPresence: board.sendAll,
    guarded,
  });
  const inflow = createInflow({
    ...deps,
    metrics,
    gate,
    activeEdits,
    ownerOf: reservations.ownerOf,
    refusals,
    board,
    outflow,
    durability,
    close: membership.close,
    append: (submission, judged, member, receivedAt) =>
      append(submission, judged, { origin: 'browser', member, receivedAt }),
    breakWith,
  });

  /** Server time never runs back within a quote. */
  function serverTime(): number {
    lastAt = Math.max(lastAt, deps.date());
    return lastAt;
  }

  function shut({ code, reason }: CloseReason): void {
    isClosed = true;
    membership.closeAll(code, reason);
    board.close();
    durability.abandon();
  }

  function breakWith(error: unknown): void {
    if (isBroken) return;
    isBroken = true;
    if (!isClosed) {
      const reason =
        error instanceof Fault
          ? 'the server could not store an edit; please try again'
          : 'the quote is being loaded again; please wait';
      shut({ code: closeCodes.tryAgain, reason });
    }
    keeper.onBroken(error);
  }

  /** A bug or a broken log ends the room, never the process. */
  function guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      breakWith(error);
    }
  }

  /** Appends what the gate has merged, and lets it out once it is durable. If that cannot be, the room breaks. */
  async function append(
    submission: Submission,
    judged: Judged,
    { origin, member, receivedAt }: Received,
  ): Promise<void> {
    const { actor } = submission;
    if (member !== null) membership.setAway(member, false);
    const refused = countRefused(judged);
    metrics.judged(judged.verdicts.length - refused, refused);
    let { verdicts }: { verdicts: readonly ExplainedVerdict[] } = judged;
    const writtenAt = serverTime();
    try {
      // By what stands now: it may be something else once the entry is durable.
      if (refused > 0 && member?.wantsEvents) verdicts = explainVerdicts({ policy, gate, actor }, verdicts);
      const connection = member?.id ?? null;
      await entries.append(submission, judged, { at: writtenAt, origin, connection });
    } catch (error) {
      breakWith(error);
      throw error;
    }
    outflow.release({ judged, actor, origin, writtenAt, verdicts, author: member, receivedAt });
  }

  const writeDirectly = createDirectWriter({
    gate,
    policy,
    activeEdits,
    refusals,
    names,
    steadyNow: deps.steadyNow,
    isClosed: () => isClosed,
    penHolder: membership.penHolder,
    append: (submission, judged, from) => append(submission, judged, { ...from, member: null }),
    breakWith,
  });

  const live = createLiveSession({
    ...deps,
    quote,
    membership,
    holdMs: policy.settings.holdMinutes * 60_000,
    found: opened.conflicts,
    write: writeDirectly,
    later: (ms, run) => deps.later(ms, () => guarded(run)),
    report: keeper.report,
  });

  /** The total in the list of quotes follows the quote's; it never runs ahead of the log. */
  function saveSummary(at: number): void {
    const changed = durability.isIdle() ? summary.takeChanged(at) : null;
    if (changed !== null) keeper.saveSummary(changed);
  }

  return {
    quote,
    gate,
    conflicts: live.conflicts,

    join(joining) {
      const member = membership.admit(joining, deps.steadyNow());
      if (member !== null) {
        names.note(joining.actor.user, joining.name);
        const sessionId = live.enter(member);
        outflow.open(member, { sessionId, serverTime: serverTime() });
        live.greet(member);
      }
      return {
        receive(bytes) {
          if (member !== null && !member.isClosed) inflow.receive(member, bytes);
        },
        ponged(revision) {
          member?.heard(deps.steadyNow());
          member?.ponged(revision);
        },
        closed(code = ABNORMAL) {
          if (member !== null) membership.remove(member, code);
        },
      };
    },

    write: writeDirectly,

    async readDurably(read) {
      const result = read(gate);
      await durability.until(gate.revision);
      return result;
    },

    members: () => [...members.values()].map((member) => member.user()),

    async reassign(user, change) {
      for (const member of members.values()) {
        if (member.actor.user !== user) continue;
        const next = await change(member.actor, member.name);
        if (next === 'none') {
          membership.close(member, closeCodes.forbidden, 'you no longer have access to this quote');
        } else if (!member.isClosed) {
          names.note(user, next.name);
          membership.reassign(member, next.actor, next.name, deps.steadyNow());
        }
      }
    },

    sessionChanged(changed, change) {
      if (!isClosed) live.changed(changed, change);
    },

    hush(connection) {
      const member = members.get(connection);
      if (member === undefined) return;
      board.hush(member);
      membership.setAway(member, true);
    },

    tick(at) {
      guarded(() => {
        const date = deps.date();
        for (const member of members.values()) {
          member.check(at, date);
          outflow.tick(member, at);
        }
        board.tick(at);
        membership.tick(at);
        counted.tick();
        live.tick(at);
        saveSummary(at);
      });
    },

    emptySince: () => {
      const isQuiet =
        durability.isIdle() && refusals.isQuiet(deps.steadyNow()) && live.conflicts.count() === 0;
      return isQuiet ? membership.emptySince() : null;
    },

    close(reason) {
      if (!isClosed) guarded(() => saveSummary(Infinity));
      shut(reason);
    },

    drained: entries.drained,
  };
}

const countRefused = ({ verdicts }: Judged): number => {
  let count = 0;
  for (const verdict of verdicts) if (isRefused(verdict)) count += 1;
  return count;
};

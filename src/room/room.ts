import { createActiveEdits } from '../authority/active-edits.ts';
import type { Actor } from '../authority/actor.ts';
import type { Gate, Judged, Submission } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Limits } from '../lib/limits.ts';
import type { GroupCommit } from '../log/group-commit.ts';
import type { Head, Origin, QuoteSummary } from '../log/log.ts';
import type { Reservation } from '../session/directory.ts';
import { closeCodes } from '../wire/close-codes.ts';
import type { WireUser } from '../wire/messages.ts';
import { type WriteOutcome, type WriteRequest, submitRequest, tooManyRefusals } from './direct-writes.ts';
import { createEntryWriter } from './entry-writer.ts';
import type { CloseReason } from './frame-limits.ts';
import { createInflow } from './inflow.ts';
import type { Joining, Member } from './member.ts';
import { createMembership } from './membership.ts';
import { createOutflow, roomClosed } from './outflow.ts';
import { createPresenceBoard } from './presence-board.ts';
import { createRefusalLimits } from './refusal-limits.ts';
import { createReservations } from './reservations.ts';
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
  readonly sessionId: string;
  join(joining: Joining): RoomConnection;
  /** Writes that come without a Yjs client. Resolves when they are durable. Throws `Fault` `room_closed`, `too_many_refusals`, or the log's. */
  write(request: WriteRequest): Promise<WriteOutcome>;
  /** Calls `read` now and gives its result once all that it could see is durable. Throws `Fault` `room_closed`. */
  readDurably<T>(read: (gate: Gate) => T): Promise<T>;
  members(): readonly WireUser[];
  /** A person's role or permission is another now; `permission: 'none'` closes their connections. */
  reassign(user: UserId, change: (actor: Actor, name: string) => Promise<Reassigned>): Promise<void>;
  /** Looks at everything that hangs on time. */
  tick(at: number): void;
  /** Since when nobody is connected; null while somebody is, something is under way, or refusals of the last minute count. */
  emptySince(): number | null;
  /** Closes all connections and takes no more. What was received is still appended: see {@link drained}. */
  close(code: CloseReason): void;
  /** Resolves when no append is under way. */
  drained(): Promise<void>;
}

export type Reassigned = { readonly actor: Actor; readonly name: string } | 'none';

export interface RoomConnection {
  receive(frame: Uint8Array): void;
  /** A ping that carried this revision was answered. */
  answered(revision: number): void;
  /** The socket is gone. */
  closed(): void;
}

/** What all rooms of a process share. */
export interface RoomDeps {
  readonly policy: Policy;
  readonly policyHash: string;
  readonly limits: Limits;
  readonly participantsMax: number;
  readonly commit: GroupCommit;
  readonly names: Names;
  readonly metrics: RoomMetrics;
  /** ms, never running back: for all that lasts */
  readonly now: () => number;
  /** ms since 1970: for what is written down, and for the dates of tokens */
  readonly date: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly newId: () => string;
}

/** The quote that a room opens, as it was loaded. */
export interface OpenedQuote {
  readonly quote: QuoteId;
  readonly gate: Gate;
  readonly head: Head;
  readonly sessionId: string;
  readonly createdBy: string;
  readonly summary: QuoteSummary | null;
  readonly reservations: readonly Reservation[];
}

/** What a room tells whoever keeps it. */
export interface RoomKeeper {
  readonly saveSummary: (summary: QuoteSummary) => void;
  /** A client id was announced for the first time. */
  readonly saveReservation: (client: number, user: UserId) => void;
  /** The room is no longer what the log says: drop it. */
  readonly onBroken: (error: unknown) => void;
}

export function createRoom(deps: RoomDeps, opened: OpenedQuote, keeper: RoomKeeper): Room {
  const { limits, policy, names, metrics } = deps;
  const { quote, gate, sessionId } = opened;
  const activeEdits = createActiveEdits(policy.settings.leaseSeconds * 1000);
  const summary = createRunningSummary(gate.doc, { id: quote, createdBy: opened.createdBy }, opened.summary);
  const entries = createEntryWriter({ ...deps, ...opened, summary });
  const refusals = createRefusalLimits(limits);
  const reservations = createReservations(opened.reservations, keeper.saveReservation);
  let lastAt = opened.head.at;
  let isClosed = false;
  let isBroken = false;

  const membership = createMembership(
    { ...deps, refusals },
    {
      onLeave(member) {
        board.leave(member);
      },
    },
  );
  const { members, close } = membership;
  const board = createPresenceBoard({
    members,
    activeEdits,
    ownerOf: (client) => gate.ledger.ownerOf(client) ?? reservations.ownerOf(client),
    announced(client, user) {
      if (gate.ledger.ownerOf(client) === null) reservations.note(client, user);
    },
    limits,
    now: deps.now,
    later: (ms, run) => deps.later(ms, () => guarded(run)),
  });
  const outflow = createOutflow({
    members,
    gate,
    names,
    metrics,
    now: deps.now,
    sendPresence: board.sendAll,
    guarded,
  });
  const inflow = createInflow({
    ...deps,
    gate,
    activeEdits,
    reservedFor: reservations.ownerOf,
    refusals,
    board,
    outflow,
    close,
    append: (submission, judged, member) => append(submission, judged, { origin: 'browser', member }),
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
    outflow.abandon();
  }

  function breakWith(error: unknown): void {
    if (isBroken) return;
    isBroken = true;
    if (!isClosed) {
      shut({ code: closeCodes.tryAgain, reason: 'the server could not store an edit; please try again' });
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
    { origin, member }: { readonly origin: Origin; readonly member: Member | null },
  ): Promise<void> {
    const refused = judged.verdicts.filter(({ verdict }) => verdict !== 'accepted').length;
    metrics.judged(judged.verdicts.length - refused, refused);
    const receivedAt = deps.now();
    try {
      const connection = member?.id ?? null;
      await entries.append(submission, judged, { at: serverTime(), origin, connection });
    } catch (error) {
      breakWith(error);
      throw error;
    }
    outflow.release({ judged, author: member, receivedAt });
  }

  /** Hands a request to the gate; a bug of ours breaks the room. */
  function compose(request: WriteRequest, at: number): ReturnType<typeof submitRequest> {
    if (refusals.findOver(request.actor, at) !== null) throw tooManyRefusals();
    try {
      const composed = submitRequest({ gate, policy, activeEdits }, request, at);
      if (composed.judged?.verdicts.some(({ verdict }) => verdict !== 'accepted') === true) {
        refusals.count(request.actor, at);
      }
      return composed;
    } catch (error) {
      if (!(error instanceof Fault)) breakWith(error);
      throw error;
    }
  }

  /** The total in the list of quotes follows the quote's; it never runs ahead of the log. */
  function saveSummary(at: number): void {
    const changed = outflow.isIdle() ? summary.takeChanged(at) : null;
    if (changed !== null) keeper.saveSummary(changed);
  }

  return {
    quote,
    gate,
    sessionId,

    join(joining) {
      const member = membership.admit(joining, deps.now());
      if (member !== null) {
        names.note(joining.actor.user, joining.name);
        outflow.welcome(member, { sessionId, serverTime: serverTime() });
      }
      return {
        receive(bytes) {
          if (member !== null && !member.isClosed) inflow.receive(member, bytes);
        },
        answered(revision) {
          member?.heard(deps.now());
          member?.answered(revision);
        },
        closed() {
          if (member !== null) membership.remove(member);
        },
      };
    },

    async write(request) {
      if (isClosed) throw roomClosed();
      names.note(request.actor.user, request.name);
      const { submission, judged } = compose(request, deps.now());
      if (judged === null) return { revision: gate.revision, verdicts: [] };
      await append(submission, judged, { origin: request.origin, member: null });
      return { revision: judged.seq, verdicts: judged.verdicts };
    },

    async readDurably(read) {
      const result = read(gate);
      await outflow.durable(gate.revision);
      return result;
    },

    members: () => [...members.values()].map((member) => member.user()),

    async reassign(user, change) {
      for (const member of members.values()) {
        if (member.actor.user !== user) continue;
        const next = await change(member.actor, member.name);
        if (next === 'none') close(member, closeCodes.forbidden, 'you no longer have access to this quote');
        else if (!member.isClosed) {
          names.note(user, next.name);
          if (membership.reassign(member, next.actor, next.name, deps.now()))
            board.reassigned(member, deps.now());
        }
      }
    },

    tick(at) {
      guarded(() => {
        const date = deps.date();
        for (const member of members.values()) {
          member.check(at, date);
          outflow.tick(member, at);
        }
        board.tick(at);
        saveSummary(at);
      });
    },

    emptySince: () => (outflow.isIdle() && refusals.isQuiet(deps.now()) ? membership.emptySince() : null),

    close(reason) {
      if (!isClosed) guarded(() => saveSummary(Infinity));
      shut(reason);
    },

    drained: entries.drained,
  };
}

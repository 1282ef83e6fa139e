import { createActiveEdits } from '../authority/active-edits.ts';
import type { Actor } from '../authority/actor.ts';
import { type Composition, composeUpdate, composingClientOf } from '../authority/compose-update.ts';
import type { Gate, Judged, Submission } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import type { WriteVerdict } from '../authority/verdict.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Limits } from '../lib/limits.ts';
import type { GroupCommit } from '../log/group-commit.ts';
import type { Head, Origin, QuoteSummary } from '../log/log.ts';
import { closeCodes } from '../wire/close-codes.ts';
import { type ClientFrame, decodeClientFrame } from '../wire/frames.ts';
import type { WireUser } from '../wire/messages.ts';
import { createEntryWriter } from './entry-writer.ts';
import { type CloseReason, findFrameProblem } from './frame-limits.ts';
import type { Joining, Member } from './member.ts';
import { createMembership } from './membership.ts';
import { createOutflow, roomClosed } from './outflow.ts';
import { createPresenceBoard } from './presence-board.ts';
import { createRefusalLimits } from './refusal-limits.ts';
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
  /** Writes that come without a Yjs client. Resolves when they are durable. Throws `Fault` `room_closed`, or the log's. */
  write(request: WriteRequest): Promise<WriteOutcome>;
  /** Calls `read` now and gives its result once all that it could see is durable. Throws `Fault` `room_closed`. */
  readDurably<T>(read: (gate: Gate) => T): Promise<T>;
  members(): readonly WireUser[];
  /** A person's role or permission is another now; `permission: 'none'` closes their connections. */
  reassign(user: UserId, change: (actor: Actor, name: string) => Promise<Reassigned>): Promise<void>;
  /** Looks at everything that hangs on time. */
  tick(at: number): void;
  /** True once nobody is connected and nothing is under way, with the time since when. */
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

export interface WriteRequest {
  readonly actor: Actor;
  readonly name: string;
  readonly origin: Origin;
  readonly kind: 'create' | 'update';
  readonly composition: Composition;
  /** The revision that the author had looked at; without it, the newest. */
  readonly base?: number;
}

export interface WriteOutcome {
  readonly revision: number;
  readonly verdicts: readonly WriteVerdict[];
}

export interface RoomDeps {
  readonly quote: QuoteId;
  readonly gate: Gate;
  readonly head: Head;
  readonly sessionId: string;
  readonly createdBy: string;
  readonly summary: QuoteSummary | null;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly limits: Limits;
  readonly participantsMax: number;
  readonly commit: GroupCommit;
  readonly saveSummary: (summary: QuoteSummary) => void;
  readonly names: Names;
  readonly metrics: RoomMetrics;
  /** ms, never running back: for all that lasts */
  readonly now: () => number;
  /** ms since 1970: for what is written down */
  readonly date: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly newId: () => string;
  /** The room is no longer what the log says: drop it. */
  readonly onBroken: (error: unknown) => void;
}

/** Frames of one connection that wait behind a gap: what comes in while a question is on its way is far less. */
const UNSETTLED_FRAMES_MAX = 10_000;

export function createRoom(deps: RoomDeps): Room {
  const { quote, gate, limits, policy, names, metrics } = deps;
  const activeEdits = createActiveEdits(policy.settings.leaseSeconds * 1000);
  const summary = createRunningSummary(gate.doc, { id: quote, createdBy: deps.createdBy }, deps.summary);
  const entries = createEntryWriter({ ...deps, summary });
  const refusals = createRefusalLimits(limits);
  let lastAt = deps.head.at;
  let isClosed = false;

  const membership = createMembership(deps, {
    onLeave(member) {
      board.leave(member);
    },
  });
  const { members, close } = membership;
  const board = createPresenceBoard({
    members,
    activeEdits,
    ownerOf: gate.ledger.ownerOf,
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
    if (isClosed) return;
    shut({ code: closeCodes.tryAgain, reason: 'the server could not store an edit; please try again' });
    deps.onBroken(error);
  }

  /** A bug or a broken log ends the room, never the process. */
  function guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      breakWith(error);
    }
  }

  function handle(member: Member, frame: ClientFrame, at: number): void {
    switch (frame.kind) {
      case 'step1':
        outflow.greet(member, frame.stateVector);
        return;
      case 'step2':
        submit(member, frame.update, 'sync', at);
        return;
      case 'update':
        submit(member, frame.update, 'update', at);
        return;
      case 'presence': {
        const problem = board.receive(member, frame.states, at);
        if (problem !== null) close(member, closeCodes.malformed, problem);
        return;
      }
      case 'queryPresence':
        board.sendAll(member, at);
        return;
      case 'unknown':
    }
  }

  function submit(member: Member, update: Uint8Array, kind: 'sync' | 'update', at: number): void {
    const submission: Submission = {
      update,
      kind,
      actor: member.actor,
      seen: { kind: 'connection', revision: member.seen },
      activeEdits: activeEdits.at(at),
      policy,
      reservedFor: board.reservedFor,
    };
    const outcome = gate.submit(submission);
    switch (outcome.kind) {
      case 'malformed':
        close(member, closeCodes.malformed, outcome.reason);
        return;
      case 'gap':
        if (kind === 'sync') close(member, closeCodes.malformed, 'a sync step 2 with a hole in it');
        else if (member.unsettled.length >= UNSETTLED_FRAMES_MAX) {
          close(member, closeCodes.malformed, 'edits that stand on others which never came');
        } else outflow.askAgain(member);
        return;
      case 'nothing':
        outflow.settle(member, kind);
        return;
      case 'judged':
        member.seen = Math.max(member.seen, outcome.rowsSeen);
        outflow.settle(member, kind);
        noteActiveEdits(member, outcome, at);
        append(submission, outcome, { at: serverTime(), origin: 'browser', member }).catch(() => undefined);
        closeIfTooManyRefusals(member, outcome, at);
    }
  }

  function noteActiveEdits(member: Member, { verdicts }: Judged, at: number): void {
    const { user, role } = member.actor;
    for (const { cell, verdict } of verdicts) {
      if (verdict === 'accepted') activeEdits.wrote(member.id, { user, role }, cell, at);
    }
  }

  function closeIfTooManyRefusals(member: Member, { verdicts }: Judged, at: number): void {
    if (verdicts.every(({ verdict }) => verdict === 'accepted')) return;
    const problem = refusals.count(member.actor, at);
    if (problem !== null) outflow.afterFlush(() => close(member, problem.code, problem.reason));
  }

  /** Appends what the gate has merged, and lets it out once it is durable. If that cannot be, the room breaks. */
  async function append(
    submission: Submission,
    judged: Judged,
    from: { at: number; origin: Origin; member: Member | null },
  ): Promise<void> {
    const refused = judged.verdicts.filter(({ verdict }) => verdict !== 'accepted').length;
    metrics.judged(judged.verdicts.length - refused, refused);
    const receivedAt = deps.now();
    try {
      await entries.append(submission, judged, { ...from, connection: from.member?.id ?? null });
    } catch (error) {
      breakWith(error);
      throw error;
    }
    outflow.release({ judged, author: from.member, receivedAt });
  }

  /** Hands writes that come without a Yjs client to the gate. `outcome` null: there was nothing to write. */
  function compose(request: WriteRequest, at: number): { submission: Submission; outcome: Judged | null } {
    const { actor, kind, composition, base = gate.revision } = request;
    try {
      const submission: Submission = {
        update: composeUpdate(gate.doc, composingClientOf(gate.ledger, actor.user), composition),
        kind,
        actor,
        seen: { kind: 'revision', revision: Math.min(base, gate.revision) },
        activeEdits: activeEdits.at(at),
        policy,
      };
      const outcome = gate.submit(submission);
      // The gate has bounds that no single request knows of, and has changed nothing then.
      if (outcome.kind === 'malformed' || outcome.kind === 'gap') throw tooMuch();
      return { submission, outcome: outcome.kind === 'judged' ? outcome : null };
    } catch (error) {
      if (!(error instanceof Fault)) breakWith(error);
      throw error;
    }
  }

  /** The total in the list of quotes follows the quote's; it never runs ahead of the log. */
  function saveSummary(at: number): void {
    const changed = outflow.isIdle() ? summary.takeChanged(at) : null;
    if (changed !== null) deps.saveSummary(changed);
  }

  function receive(member: Member, bytes: Uint8Array): void {
    metrics.received(bytes.length);
    const at = deps.now();
    member.heard(at);
    const problem = findFrameProblem(member, bytes, limits, at);
    if (problem === 'drop') return;
    if (problem !== null) {
      close(member, problem.code, problem.reason);
      return;
    }
    const frame = decodeClientFrame(bytes);
    if (!frame.ok) {
      close(member, closeCodes.malformed, frame.reason);
      return;
    }
    try {
      handle(member, frame.value, at);
    } catch (error) {
      // Ours to mend, but its sender would send it again to every room that is loaded next: this one stays out.
      close(member, closeCodes.malformed, 'the server cannot handle this edit; please tell an admin');
      breakWith(error);
    }
  }

  const room: Room = {
    quote,
    gate,
    sessionId: deps.sessionId,

    join(joining) {
      const member = membership.admit(joining, deps.now());
      if (member !== null) {
        names.note(joining.actor.user, joining.name);
        outflow.welcome(member, { sessionId: deps.sessionId, serverTime: serverTime() });
      }
      return {
        receive(bytes) {
          if (member !== null && !member.isClosed) receive(member, bytes);
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
      const { submission, outcome } = compose(request, deps.now());
      if (outcome === null) return { revision: gate.revision, verdicts: [] };
      await append(submission, outcome, { at: serverTime(), origin: request.origin, member: null });
      return { revision: outcome.seq, verdicts: outcome.verdicts };
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
        for (const member of members.values()) {
          member.check(at);
          outflow.tick(member, at);
        }
        board.tick(at);
        saveSummary(at);
      });
    },

    emptySince: () => (outflow.isIdle() ? membership.emptySince() : null),

    close(reason) {
      if (!isClosed) guarded(() => saveSummary(Infinity));
      shut(reason);
    },

    drained: entries.drained,
  };
  return room;
}

const tooMuch = (): Fault =>
  new Fault({
    code: 'too_much_refused',
    message: 'The quote takes no more of what this person sends: too much of it was refused.',
    retryable: false,
  });

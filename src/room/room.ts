import * as Y from 'yjs';
import { createActiveEdits } from '../authority/active-edits.ts';
import type { Actor } from '../authority/actor.ts';
import { type Composition, composeUpdate, composingClientOf } from '../authority/compose-update.ts';
import { type Gate, type Judged, type Submission, GATE_VERSION } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import { mayEdit } from '../authority/role.ts';
import type { WriteVerdict } from '../authority/verdict.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Limits } from '../lib/limits.ts';
import { sealEntry } from '../log/entry-hash.ts';
import type { GroupCommit } from '../log/group-commit.ts';
import type { Entry, Head, Origin, QuoteSummary } from '../log/log.ts';
import { closeCodes } from '../wire/close-codes.ts';
import { type ClientFrame, decodeClientFrame, encodeStep1, isSyncFrame } from '../wire/frames.ts';
import type { WireUser } from '../wire/messages.ts';
import type { Joining, Member } from './member.ts';
import { createMembership } from './membership.ts';
import { type DurableUpdate, createOutflow } from './outflow.ts';
import { createPresenceBoard } from './presence-board.ts';
import { type RateLimit, createSlidingWindow } from './rate-limit.ts';
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
 */
export interface Room {
  readonly quote: QuoteId;
  readonly gate: Gate;
  readonly sessionId: string;
  join(joining: Joining): RoomConnection;
  /** Writes that come without a Yjs client. Resolves when they are durable; rejects if the room breaks first. */
  write(request: WriteRequest): Promise<WriteOutcome>;
  /** Calls `read` now and gives its result once all that it could see is durable. */
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
  drained(): Promise<void>;
}

export interface CloseReason {
  readonly code: (typeof closeCodes)[keyof typeof closeCodes];
  readonly reason: string;
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
  /** ms since 1970 */
  readonly now: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly newId: () => string;
  /** The room is no longer what the log says: drop it. */
  readonly onBroken: (error: unknown) => void;
}

export function createRoom(deps: RoomDeps): Room {
  const { quote, gate, limits, policy, names, metrics } = deps;
  const activeEdits = createActiveEdits(policy.settings.leaseSeconds * 1000);
  const summary = createRunningSummary(gate.doc, { id: quote, createdBy: deps.createdBy }, deps.summary);
  const refusals = new Map<string, RateLimit>();
  let { hash, at: lastAt } = deps.head;
  let isBroken = false;

  const membership = createMembership(deps, {
    onLeave(member) {
      board.leave(member);
    },
  });
  const { members, close } = membership;
  const board = createPresenceBoard({ members, activeEdits, ownerOf: gate.ledger.ownerOf, now: deps.now, later: deps.later });
  const outflow = createOutflow({ members, gate, names, metrics, now: deps.now, sendPresence: board.sendAll });

  /** Server time never runs back within a quote. */
  function clock(): number {
    lastAt = Math.max(lastAt, deps.now());
    return lastAt;
  }

  function breakWith(error: unknown): void {
    if (isBroken) return;
    isBroken = true;
    room.close({ code: closeCodes.tryAgain, reason: 'the server could not store an edit; please try again' });
    deps.onBroken(error);
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
      case 'presence':
        board.receive(member, frame.states, at);
        return;
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
        else {
          member.gapFrames += 1;
          member.send(encodeStep1(Y.encodeStateVector(gate.doc)), at);
        }
        return;
      case 'nothing':
        outflow.settle(member, kind);
        return;
      case 'judged':
        member.seen = Math.max(member.seen, outcome.rowsSeen);
        outflow.settle(member, kind);
        noteActiveEdits(member, outcome, at);
        append(submission, outcome, { at, origin: 'browser', member }).catch(() => undefined);
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
    const isViewer = !mayEdit(member.actor.permission);
    const most = isViewer ? limits.viewerRefusalsPerMinute : limits.refusalsPerMinute;
    const key = `${isViewer ? 'viewer' : 'editor'} ${member.actor.user}`;
    const window = refusals.get(key) ?? createSlidingWindow({ most, windowMs: 60_000 });
    refusals.set(key, window);
    if (window.take(at)) return;
    const code = isViewer ? closeCodes.forbidden : closeCodes.tooFast;
    const reason = isViewer
      ? 'you may only view this quote; ask a host for permission to edit'
      : `more than ${most} refused edits a minute`;
    outflow.afterFlush(() => close(member, code, reason));
  }

  /** Seals the entry, hands it to the log, and lets it out once it is durable. */
  async function append(
    submission: Submission,
    judged: Judged,
    from: { at: number; origin: Origin; member: Member | null },
  ): Promise<void> {
    const entry = seal(submission, judged, from);
    hash = entry.hash;
    const refused = judged.verdicts.filter(({ verdict }) => verdict !== 'accepted').length;
    metrics.judged(judged.verdicts.length - refused, refused);
    const durable: DurableUpdate = { judged, author: from.member, receivedAt: from.at };
    try {
      await deps.commit.submit(entry, summaryAfter(entry));
    } catch (error) {
      breakWith(error);
      throw error;
    }
    outflow.release(durable);
  }

  function seal(
    { actor, kind, seen, update }: Submission,
    judged: Judged,
    { at, origin, member }: { at: number; origin: Origin; member: Member | null },
  ): Entry {
    return sealEntry(
      {
        quote,
        seq: judged.seq,
        at,
        actor,
        session: deps.sessionId,
        connection: member?.id ?? null,
        origin,
        kind,
        clocks: judged.clocks,
        received: update,
        merged: judged.merged,
        policy: deps.policyHash,
        gateVersion: GATE_VERSION,
        seen,
        activeEdits: judged.activeEdits,
        aliases: judged.aliases,
        writes: judged.verdicts,
      },
      hash,
    );
  }

  function summaryAfter({ seq, at, actor, writes }: Entry): QuoteSummary {
    const cell = writes.findLast(({ verdict }) => verdict === 'accepted')?.cell ?? null;
    return summary.after({ seq, at, by: actor.user, cell });
  }

  /** A bug or a broken log ends the room, never the process. */
  function guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      breakWith(error);
    }
  }

  const room: Room = {
    quote,
    gate,
    sessionId: deps.sessionId,

    join(joining) {
      const member = membership.admit(joining, clock());
      if (member !== null) {
        names.note(joining.actor.user, joining.name);
        outflow.welcome(member, deps.sessionId);
      }
      return {
        receive(bytes) {
          if (member === null || member.isClosed) return;
          metrics.received(bytes.length);
          const at = clock();
          const problem = findFrameProblem(member, bytes, limits, at);
          if (problem === 'drop') return;
          if (problem !== null) {
            close(member, problem.code, problem.reason);
            return;
          }
          const frame = decodeClientFrame(bytes);
          if (frame.ok) guarded(() => handle(member, frame.value, at));
          else close(member, closeCodes.malformed, frame.reason);
        },
        answered(revision) {
          member?.answered(revision);
        },
        closed() {
          if (member !== null) membership.remove(member);
        },
      };
    },

    async write({ actor, name, origin, kind, composition, base }) {
      names.note(actor.user, name);
      const at = clock();
      const submission: Submission = {
        update: composeUpdate(gate.doc, composingClientOf(gate.ledger, actor.user), composition),
        kind,
        actor,
        seen: { kind: 'revision', revision: Math.min(base ?? gate.revision, gate.revision) },
        activeEdits: activeEdits.at(at),
        policy,
        reservedFor: board.reservedFor,
      };
      const outcome = gate.submit(submission);
      if (outcome.kind === 'nothing') return { revision: gate.revision, verdicts: [] };
      if (outcome.kind !== 'judged') throw new TypeError('a composed update is well formed');
      await append(submission, outcome, { at, origin, member: null });
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
        else membership.reassign(member, next.actor, next.name, clock());
      }
    },

    tick(at) {
      for (const member of members.values()) {
        member.checkPace(at);
        outflow.tick(member, at);
      }
      board.tick(at);
      if (summary.price(at)) {
        const current = summary.current();
        if (current !== null && outflow.isIdle()) deps.saveSummary(current);
      }
    },

    emptySince: () => (outflow.isIdle() ? membership.emptySince() : null),

    close({ code, reason }) {
      membership.closeAll(code, reason);
      board.close();
      outflow.abandon();
    },

    drained: () => deps.commit.drained(),
  };
  return room;
}

/** What is wrong with a frame before it is decoded: too large, or one too many. */
function findFrameProblem(
  member: Member,
  frame: Uint8Array,
  limits: Limits,
  at: number,
): CloseReason | 'drop' | null {
  const isSync = isSyncFrame(frame);
  const [name, bytesMax] = isSync
    ? ['limits.syncFrameBytes', limits.syncFrameBytes]
    : ['limits.otherFrameBytes', limits.otherFrameBytes];
  if (frame.length > bytesMax) {
    return { code: closeCodes.malformed, reason: `a frame of ${frame.length} bytes; ${name} is ${bytesMax}` };
  }
  if (!isSync) return member.otherFrames.take(at) ? null : 'drop';
  if (member.syncFrames.take(at)) return null;
  return { code: closeCodes.tooFast, reason: `more than ${limits.syncFramesPerSecond} edits a second` };
}

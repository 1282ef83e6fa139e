import type { ActiveEdits } from '../authority/active-edits.ts';
import type { Gate, Judged, Submission } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import { isRefused } from '../authority/verdict.ts';
import type { UserId } from '../lib/ids.ts';
import type { Limits } from '../lib/limits.ts';
import { closeCodes } from '../wire/close-codes.ts';
import { type ClientFrame, decodeClientFrame } from '../wire/frames.ts';
import type { Durability } from './durability.ts';
import { findFrameProblem } from './frame-limits.ts';
import type { Member } from './member.ts';
import type { Membership } from './membership.ts';
import type { Outflow } from './outflow.ts';
import type { PresenceBoard } from './presence-board.ts';
import type { RefusalLimits } from './refusal-limits.ts';
import type { RoomMetrics } from './room-metrics.ts';

/**
 * What comes into a room over its connections: each frame is bounded, decoded and handed to whom it concerns. An update goes
 * through the gate in the same turn; what the gate judged is appended, and everything that goes out because of it is the
 * outflow's. What no correct client sends closes its sender.
 */
export interface Inflow {
  /** A frame of a member who is not closed. */
  receive(member: Member, bytes: Uint8Array): void;
}

interface Deps {
  readonly gate: Gate;
  readonly policy: Policy;
  readonly limits: Limits;
  readonly activeEdits: ActiveEdits;
  /** To whom a client id belongs, or null. */
  readonly ownerOf: (client: number) => UserId | null;
  readonly refusals: RefusalLimits;
  readonly board: PresenceBoard;
  readonly outflow: Outflow;
  readonly durability: Durability;
  readonly metrics: RoomMetrics;
  readonly steadyNow: () => number;
  readonly close: Membership['close'];
  /** Appends what was judged. Breaks the room where that cannot be, and rejects. */
  readonly append: (
    submission: Submission,
    judged: Judged,
    author: Member,
    receivedAt: number,
  ) => Promise<void>;
  readonly breakWith: (error: unknown) => void;
}

export function createInflow(deps: Deps): Inflow {
  const { gate, policy, limits, activeEdits, refusals, board, outflow, metrics, steadyNow, close } = deps;

  function handle(member: Member, frame: ClientFrame, at: number): void {
    switch (frame.kind) {
      case 'step1':
        outflow.takeStep1(member, frame.stateVector);
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
      reservedFor: deps.ownerOf,
    };
    const outcome = gate.submit(submission);
    switch (outcome.kind) {
      case 'malformed':
      case 'too_entangled':
      case 'over_quota':
        // For good: the same edits would be refused again. Not 4403, at which a browser drops what it keeps of the quote.
        close(member, closeCodes.malformed, outcome.reason);
        return;
      case 'gap':
        if (kind === 'sync') close(member, closeCodes.malformed, 'a sync step 2 with a hole in it');
        else if (member.frames.isFull) {
          close(member, closeCodes.malformed, 'edits that stand on others which never came');
        } else outflow.askForMissing(member);
        return;
      case 'nothing':
        outflow.noteJudged(member, kind);
        return;
      case 'judged':
        member.sawUpTo(outcome.rowsSeen);
        outflow.noteJudged(member, kind);
        noteActiveEdits(member, outcome, at);
        deps.append(submission, outcome, member, at).catch(() => undefined);
        closeIfTooManyRefusals(member, outcome, at);
    }
  }

  function noteActiveEdits(member: Member, { verdicts }: Judged, at: number): void {
    const { user, role } = member.actor;
    for (const { cell, verdict } of verdicts) {
      if (verdict === 'accepted') activeEdits.wrote(member.id, { user, role }, cell, at);
    }
  }

  function closeIfTooManyRefusals(member: Member, { seq, verdicts }: Judged, at: number): void {
    if (!verdicts.some(isRefused)) return;
    const { actor, granted, penWith } = member;
    // Who only waits for the pen is no viewer.
    const problem = refusals.count({ ...actor, permission: granted }, at, penWith);
    if (problem === null) return;
    deps.durability.whenTold(seq, () => close(member, problem.code, problem.reason));
  }

  return {
    receive(member, bytes) {
      const at = steadyNow();
      metrics.received(bytes.length);
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
        deps.breakWith(error);
      }
    },
  };
}

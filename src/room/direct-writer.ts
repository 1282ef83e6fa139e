import type { ActiveEdits } from '../authority/active-edits.ts';
import type { Actor, Origin } from '../authority/actor.ts';
import type { Gate, Judged, Submission } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import { isRefused } from '../authority/verdict.ts';
import { Fault } from '../lib/fault.ts';
import { type Submitted, type WriteOutcome, type WriteRequest, submitRequest } from './direct-writes.ts';
import { roomClosed } from './durability.ts';
import type { Membership } from './membership.ts';
import type { RefusalLimits } from './refusal-limits.ts';
import type { Names } from './verdict-messages.ts';

/**
 * Writes into an open room that come without a connection: who may make them now, the gate, the log. Those of the system, which
 * ends held conflicts in the name of their authors, nobody is kept from.
 */
export interface DirectWriter {
  /** Resolves when it is durable. Throws `Fault` `room_closed`, `pen_taken`, `too_many_refusals`, what the gate says, or the log's. */
  (request: WriteRequest): Promise<WriteOutcome>;
}

interface Deps {
  readonly gate: Gate;
  readonly policy: Policy;
  readonly activeEdits: ActiveEdits;
  readonly refusals: RefusalLimits;
  readonly names: Names;
  readonly steadyNow: () => number;
  readonly isClosed: () => boolean;
  readonly penHolder: Membership['penHolder'];
  /** Appends what was judged. Breaks the room where that cannot be, and rejects. */
  readonly append: (
    submission: Submission,
    judged: Judged,
    from: { readonly origin: Origin; readonly receivedAt: number },
  ) => Promise<void>;
  readonly breakWith: (error: unknown) => void;
}

export function createDirectWriter(deps: Deps): DirectWriter {
  const { refusals, names, isClosed, penHolder, append, breakWith } = deps;

  /** Why this person may not write just now, or null. */
  function findObstacle(actor: Actor, at: number): Fault | null {
    const holder = penHolder();
    if (holder !== null && holder.id !== actor.user) return penTaken(holder.name);
    return refusals.findOver(actor, at) === null ? null : tooManyRefusals();
  }

  /** Hands a request to the gate; a bug of ours breaks the room. */
  function submit(request: WriteRequest, at: number): Submitted {
    try {
      const submitted = submitRequest(deps, request, at);
      if (submitted.judged?.verdicts.some(isRefused) === true) refusals.count(request.actor, at);
      return submitted;
    } catch (error) {
      if (!(error instanceof Fault)) breakWith(error);
      throw error;
    }
  }

  return async (request) => {
    if (isClosed()) throw roomClosed();
    const { actor, name, origin } = request;
    const receivedAt = deps.steadyNow();
    const obstacle = origin === 'system' ? null : findObstacle(actor, receivedAt);
    if (obstacle !== null) throw obstacle;
    names.note(actor.user, name);
    const { submission, judged, outcome } = submit(request, receivedAt);
    if (judged !== null) await append(submission, judged, { origin, receivedAt });
    return outcome;
  };
}

/** Where one person edits at a time, and somebody else does. */
const penTaken = (holder: string): Fault =>
  new Fault({
    code: 'pen_taken',
    message: `${holder} is editing this quote, and only one person may at a time. Try again when they have left.`,
    retryable: true,
  });

/** For the time in which `RefusalLimits` keeps a person out. */
const tooManyRefusals = (): Fault =>
  new Fault({
    code: 'too_many_refusals',
    message: 'Too many of your edits of this quote were refused within a minute. Try again in a minute.',
    retryable: true,
  });

import type { ActiveEdits } from '../authority/active-edits.ts';
import type { Actor } from '../authority/actor.ts';
import { type Composition, composeUpdate, composingClientOf } from '../authority/compose-update.ts';
import type { Gate, Judged, Submission } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import type { WriteVerdict } from '../authority/verdict.ts';
import { Fault } from '../lib/fault.ts';
import type { Origin } from '../log/log.ts';

/** Writes that come without a Yjs client: over HTTP, or as the first values of a quote. The gate treats them like any other. */
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

interface Deps {
  readonly gate: Gate;
  readonly policy: Policy;
  readonly activeEdits: ActiveEdits;
}

/** Hands a request to the gate. `judged` null: there was nothing to write. Throws `Fault` `too_much_refused`. */
export function submitRequest(
  { gate, policy, activeEdits }: Deps,
  { actor, kind, composition, base = gate.revision }: WriteRequest,
  at: number,
): { readonly submission: Submission; readonly judged: Judged | null } {
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
  if (outcome.kind === 'malformed' || outcome.kind === 'gap') throw tooMuchRefused();
  return { submission, judged: outcome.kind === 'judged' ? outcome : null };
}

const tooMuchRefused = (): Fault =>
  new Fault({
    code: 'too_much_refused',
    message: 'The quote takes no more of what this person sends: too much of it was refused.',
    retryable: false,
  });

/** For the time in which `RefusalLimits` keeps a person out. */
export const tooManyRefusals = (): Fault =>
  new Fault({
    code: 'too_many_refusals',
    message: 'Too many of your edits of this quote were refused within a minute. Try again in a minute.',
    retryable: true,
  });

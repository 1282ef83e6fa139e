import type { ActiveEdits } from '../authority/active-edits.ts';
import type { Actor, Origin } from '../authority/actor.ts';
import { type Composition, composeUpdate, composingClientOf } from '../authority/compose-update.ts';
import type { Gate, Judged, Outcome, Submission } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import { assert } from '../lib/assert.ts';
import { Fault } from '../lib/fault.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { type ExplainedVerdict, explainVerdicts } from './explain-verdicts.ts';

/**
 * Writes that come without a Yjs client: over HTTP, or as the first values of a quote. The gate treats them like any
 * other.
 */
export interface WriteRequest {
  readonly actor: Actor;
  readonly name: string;
  readonly origin: Origin;
  /** `settle`: a person chooses in a held conflict; `expire`: nobody did in time. */
  readonly kind: 'create' | 'update' | 'settle' | 'expire';
  readonly composition: Composition;
  /** The revision that the author had looked at; without it, the newest. */
  readonly base?: number;
}

export interface WriteOutcome {
  readonly revision: number;
  readonly verdicts: readonly ExplainedVerdict[];
}

/** Why the gate took nothing of a request; it has changed nothing then. */
export type Rejection = Exclude<Outcome, { readonly kind: 'judged' | 'nothing' | 'gap' }>;

export interface Submitted {
  readonly submission: Submission;
  /** Null where there was nothing to write. */
  readonly judged: Judged | null;
  readonly outcome: WriteOutcome;
}

interface Deps {
  readonly gate: Gate;
  readonly policy: Policy;
  readonly activeEdits: Pick<ActiveEdits, 'at'>;
}

/** Hands a request to the gate. */
export function tryRequest(
  { gate, policy, activeEdits }: Deps,
  { actor, kind, composition, base = gate.revision }: WriteRequest,
  at: number,
): Result<Submitted, Rejection> {
  const submission: Submission = {
    update: composeUpdate(gate.doc, composingClientOf(gate.ledger, actor.user), composition),
    kind,
    actor,
    seen: { kind: 'revision', revision: Math.min(base, gate.revision) },
    activeEdits: activeEdits.at(at),
    policy,
  };
  const judged = gate.submit(submission);
  assert(judged.kind !== 'gap', 'a composed update follows on what the gate holds');
  if (judged.kind === 'nothing') {
    return ok({ submission, judged: null, outcome: { revision: gate.revision, verdicts: [] } });
  }
  if (judged.kind !== 'judged') return fail(judged);
  const verdicts = explainVerdicts({ policy, gate, actor }, judged.verdicts);
  return ok({ submission, judged, outcome: { revision: judged.seq, verdicts } });
}

/** The same. Throws a `Fault` where the gate takes nothing of it: see {@link notTaken}. */
export function submitRequest(deps: Deps, request: WriteRequest, at: number): Submitted {
  const submitted = tryRequest(deps, request, at);
  if (submitted.ok) return submitted.value;
  throw notTaken(submitted.reason);
}

/** Faults of a write that are its author's: their message is for them. All others are for those who run the server. */
export const isOfAuthor = ({ code }: Fault): boolean => AUTHORS_FAULTS.has(code);

const AUTHORS_FAULTS = new Set([
  'not_taken',
  'over_quota',
  'pen_taken',
  'too_many_refusals',
  'shutting_down',
]);

/** `over_quota`: the person has used up what a quote keeps of one. `not_taken`: it is the request. */
const notTaken = ({ kind, reason }: Rejection): Fault =>
  new Fault({
    code: kind === 'over_quota' ? kind : 'not_taken',
    message: `The quote takes nothing of this: ${reason}.`,
    retryable: false,
  });

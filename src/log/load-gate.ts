import { viewOf } from '../authority/active-edits.ts';
import { type Gate, type Outcome, GATE_VERSION, createGate } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { isIntact, openCheckpoint } from './checkpoint.ts';
import { GENESIS_HASH } from './entry-hash.ts';
import { findCheckpoint } from './find-checkpoint.ts';
import type { Checkpoint, Decision, Head, Log } from './log.ts';
import { readDecisions } from './read-decisions.ts';
import { type PolicyProblem, createStoredPolicies } from './stored-policies.ts';

/**
 * Brings a quote back from its log: the newest checkpoint, then every later entry decided again by the same gate. The bytes
 * that come out must be those that went out then; if they are not, the quote is not opened at all, since replicas
 * that hold the old bytes would drift from us unseen.
 *
 * A checkpoint is only a short cut. One that is damaged, or made by other rules, is passed over for the one before; if one
 * that is neither does not lead to what the log says, the quote is decided from its first entry.
 */
export interface LoadedQuote {
  readonly gate: Gate;
  readonly head: Head;
  /** The entry of the checkpoint that it was loaded from; 0 if from the beginning. */
  readonly checkpointSeq: number;
}

/** What loading reads. */
export type ReadableLog = Pick<Log, 'decisions' | 'checkpoint' | 'policy' | 'head'>;

/** Null for an unknown quote. Throws `Fault` `log_diverged` when the log does not lead to what it says. */
export async function loadGate(log: ReadableLog, quote: QuoteId): Promise<LoadedQuote | null> {
  const head = await log.head(quote);
  if (head === null) return null;
  const checkpoint = await findCheckpoint(log, quote, { atMost: head.seq, isUsable });
  const woken = checkpoint === null ? null : tryOpen(checkpoint);
  if (checkpoint !== null && woken !== null && (await leadsTo(log, quote, woken, head))) {
    return { gate: woken, head, checkpointSeq: checkpoint.seq };
  }
  const gate = createGate();
  const divergence = await findDivergence(log, quote, gate, head);
  if (divergence !== null) throw diverged(quote, divergence);
  return { gate, head, checkpointSeq: 0 };
}

/** Brings a gate that stands at an earlier entry to the last one. False where the log leads elsewhere: throw it away. */
export async function continueGate(log: ReadableLog, quote: QuoteId, gate: Gate): Promise<boolean> {
  const head = await log.head(quote);
  return head !== null && leadsTo(log, quote, gate, head);
}

const isUsable = (checkpoint: Checkpoint): boolean =>
  checkpoint.gateVersion === GATE_VERSION && isIntact(checkpoint);

/** Null where it is none of ours, whatever its hash says. */
function tryOpen(checkpoint: Checkpoint): Gate | null {
  try {
    const gate = openCheckpoint(checkpoint);
    return gate.revision === checkpoint.seq ? gate : null;
  } catch {
    return null;
  }
}

async function leadsTo(log: ReadableLog, quote: QuoteId, gate: Gate, head: Head): Promise<boolean> {
  try {
    return (await findDivergence(log, quote, gate, head)) === null;
  } catch (error) {
    if (error instanceof Fault) throw error;
    return false;
  }
}

/** Brings the gate to the head. The first entry that does not lead to what it says, or null where all do. */
async function findDivergence(
  log: ReadableLog,
  quote: QuoteId,
  gate: Gate,
  head: Head,
): Promise<number | null> {
  const policies = createStoredPolicies(log);
  for await (const decisions of readDecisions(log, quote, { after: gate.revision, to: head.seq })) {
    for (const decision of decisions) {
      const policy = await policies.find(decision.policy);
      if (!policy.ok) throw policyFault(quote, policy.reason);
      if (!isSameOutcome(decideAgain(gate, decision, policy.value), decision)) return decision.seq;
    }
  }
  return gate.revision === head.seq ? null : gate.revision + 1;
}

export const emptyHead: Head = { seq: 0, at: 0, hash: GENESIS_HASH };

/** Hands what was decided to a gate that stands right before it. */
export function decideAgain(gate: Gate, decision: Decision, policy: Policy): Outcome {
  return gate.submit({
    update: decision.received,
    kind: decision.kind,
    actor: decision.actor,
    seen: decision.seen,
    activeEdits: viewOf(decision.activeEdits),
    policy,
  });
}

function isSameOutcome(outcome: Outcome, decision: Decision): boolean {
  if (outcome.kind !== 'judged' || outcome.seq !== decision.seq) return false;
  return isSameBytes(outcome.merged, decision.merged);
}

export const isSameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0;

const policyFault = (quote: QuoteId, { kind, message }: PolicyProblem): Fault =>
  new Fault({
    code: `policy_${kind}`,
    message: `Quote ${quote} cannot be opened: ${message}. Restore the database from a backup.`,
    retryable: false,
  });

const diverged = (quote: QuoteId, seq: number): Fault =>
  new Fault({
    code: 'log_diverged',
    message:
      `Quote ${quote}: entry ${seq} of the log does not lead to what it says. The quote stays closed. ` +
      `Run "quoteroom audit replay ${quote}" to see what differs.`,
    retryable: false,
  });

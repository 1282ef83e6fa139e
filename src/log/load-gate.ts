import { viewOf } from '../authority/active-edits.ts';
import { type Gate, type Outcome, createGate } from '../authority/gate.ts';
import { GATE_VERSION, isKnownGateVersion } from '../authority/gate-version.ts';
import type { Policy } from '../authority/policy.ts';
import { assert } from '../lib/assert.ts';
import { isSameBytes } from '../lib/bytes.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { isIntact, openCheckpoint } from './checkpoint.ts';
import { findCheckpoint } from './find-checkpoint.ts';
import type { Checkpoint, Decision, Head, Log } from './log.ts';
import { readDecisions } from './read-decisions.ts';
import { type PolicyProblem, createStoredPolicies } from './stored-policies.ts';

export interface LoadedQuote {
  readonly gate: Gate;
  readonly head: Head;
  /** The entry of the checkpoint that it was loaded from; 0 if from the beginning. */
  readonly checkpointSeq: number;
  /** What was wrong with newer checkpoints, though the quote is sound: to be reported, since loading took longer for it. */
  readonly passedOver: readonly Fault[];
}

/** What loading reads. */
export type ReadableLog = Pick<Log, 'decisions' | 'checkpoint' | 'policy' | 'head'>;

/**
 * Brings a quote back from its log: the newest checkpoint, then every later entry decided again by the rules of its version.
 * The bytes that come out must be those that went out then; if they are not, the quote is not opened at all, since
 * replicas that hold the old bytes would drift from us unseen.
 *
 * A checkpoint is only a short cut. One that is damaged, or made by rules not known here, is passed over for the one before;
 * if one that is neither does not lead to what the log says, the quote is decided from its first entry.
 *
 * Null for an unknown quote. Throws `Fault`: `log_diverged` when the log does not lead to what it says, `gate_version_other`
 * when a version of the gate that is not known here decided it, `policy_missing` and `policy_damaged`, and what reading the
 * log throws.
 */
export async function loadGate(log: ReadableLog, quote: QuoteId): Promise<LoadedQuote | null> {
  const head = await log.head(quote);
  if (head === null) return null;
  const passedOver: Fault[] = [];
  const isUsable = (checkpoint: Checkpoint): boolean => {
    if (!isKnownGateVersion(checkpoint.gateVersion)) return false;
    if (isIntact(checkpoint)) return true;
    passedOver.push(badCheckpoint(checkpoint, 'it was changed after it was stored'));
    return false;
  };
  const checkpoint = await findCheckpoint(log, quote, { atMost: head.seq, isUsable });
  if (checkpoint !== null) {
    const shortCut = await tryShortCut(log, checkpoint, head);
    if (shortCut.ok) return { gate: shortCut.value, head, checkpointSeq: checkpoint.seq, passedOver };
    passedOver.push(shortCut.reason);
  }
  const gate = createGate();
  const divergence = await bringToHead(log, quote, gate, head);
  if (divergence !== null) throw diverged(quote, divergence);
  return { gate, head, checkpointSeq: 0, passedOver };
}

/**
 * Brings a gate that stands at an earlier entry to the last one. False where it does not get there: throw it away, and let
 * {@link loadGate} say what there is to say.
 */
export async function continueGate(log: ReadableLog, quote: QuoteId, gate: Gate): Promise<boolean> {
  const head = await log.head(quote);
  if (head === null) return false;
  try {
    return (await bringToHead(log, quote, gate, head)) === null;
  } catch (error) {
    if (error instanceof Fault) throw error;
    return false;
  }
}

/** A gate at the head, by way of the checkpoint; or why there is no way. A fault of the log is not the checkpoint's. */
async function tryShortCut(
  log: ReadableLog,
  checkpoint: Checkpoint,
  head: Head,
): Promise<Result<Gate, Fault>> {
  try {
    const gate = openCheckpoint(checkpoint);
    if (gate.revision !== checkpoint.seq) {
      return fail(badCheckpoint(checkpoint, `its gate stands after entry ${gate.revision}`));
    }
    const divergence = await bringToHead(log, checkpoint.quote, gate, head);
    if (divergence === null) return ok(gate);
    return fail(badCheckpoint(checkpoint, `it does not lead to what entry ${divergence} says`));
  } catch (error) {
    if (error instanceof Fault) throw error;
    // Whatever its hash says: a gate that is made of nonsense may break anywhere.
    return fail(badCheckpoint(checkpoint, 'the gate breaks on it', error));
  }
}

/**
 * Hands the gate every entry after its own up to the head. Gives the first that does not lead to what it says, where the gate
 * is of no use any more, or null once it stands at the head.
 */
async function bringToHead(log: ReadableLog, quote: QuoteId, gate: Gate, head: Head): Promise<number | null> {
  const policies = createStoredPolicies(log);
  for await (const decisions of readDecisions(log, quote, { after: gate.revision, to: head.seq })) {
    for (const decision of decisions) {
      if (!isKnownGateVersion(decision.gateVersion)) throw versionFault(quote, decision);
      const policy = await policies.find(decision.policy);
      if (!policy.ok) throw policyFault(quote, policy.reason);
      if (!isSameOutcome(decideAgain(gate, decision, policy.value), decision)) return decision.seq;
    }
  }
  return gate.revision === head.seq ? null : gate.revision + 1;
}

/** Hands what was decided to a gate that stands right before it. Its version must be known. */
export function decideAgain(gate: Gate, decision: Decision, policy: Policy): Outcome {
  const { gateVersion } = decision;
  assert(isKnownGateVersion(gateVersion), 'what is decided again is of a known version');
  return gate.submit({
    update: decision.received,
    kind: decision.kind,
    actor: decision.actor,
    seen: decision.seen,
    activeEdits: viewOf(decision.activeEdits),
    policy,
    gateVersion,
  });
}

function isSameOutcome(outcome: Outcome, decision: Decision): boolean {
  if (outcome.kind !== 'judged' || outcome.seq !== decision.seq) return false;
  return isSameBytes(outcome.merged, decision.merged);
}

const badCheckpoint = ({ quote, seq }: Checkpoint, why: string, cause?: unknown): Fault =>
  new Fault({
    code: 'checkpoint_passed_over',
    message:
      `Quote ${quote}: the checkpoint after entry ${seq} is of no use: ${why}. The quote was decided again from an earlier ` +
      `entry, and is sound. Run "quoteroom audit verify ${quote}", and look at the disk.`,
    retryable: false,
    cause,
  });

const versionFault = (quote: QuoteId, { seq, gateVersion }: Decision): Fault =>
  new Fault({
    code: 'gate_version_other',
    message:
      `Quote ${quote} cannot be opened: version ${gateVersion} of the gate decided its entry ${seq}, this one knows versions ` +
      `up to ${GATE_VERSION}. Nothing is damaged. Open it with the release of quoteroom that wrote it.`,
    retryable: false,
  });

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

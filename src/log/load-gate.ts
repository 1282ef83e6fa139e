import { setImmediate } from 'node:timers/promises';
import { viewOf } from '../authority/active-edits.ts';
import { type Gate, type Outcome, GATE_VERSION, createGate } from '../authority/gate.ts';
import { type Policy, parsePolicy } from '../authority/policy.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { hashOfState, openCheckpoint } from './checkpoint.ts';
import { GENESIS_HASH } from './entry-hash.ts';
import type { Checkpoint, Entry, Head, Log } from './log.ts';

/**
 * Brings a quote back from its log: the newest checkpoint, then every later entry decided again by the same gate. The bytes
 * that come out must be those that went out then; if they are not, the quote is not opened at all, since replicas
 * that hold the old bytes would drift from us unseen.
 *
 * A checkpoint is only a short cut: one that cannot be read, or does not lead to what the log says, is passed over.
 */
export interface LoadedQuote {
  readonly gate: Gate;
  readonly head: Head;
  /** The entry of the checkpoint that it was loaded from; 0 if from the beginning. */
  readonly checkpointSeq: number;
}

/** What loading reads. */
export type ReadableLog = Pick<Log, 'entries' | 'checkpoint' | 'policy' | 'head'>;

const ENTRIES_AT_ONCE = 500;

/** Null for an unknown quote. Throws `Fault` `log_diverged` when the log does not lead to what it says. */
export async function loadGate(log: ReadableLog, quote: QuoteId): Promise<LoadedQuote | null> {
  const head = await log.head(quote);
  if (head === null) return null;
  const checkpoint = await log.checkpoint(quote);
  const woken = checkpoint === null ? null : await wake(log, checkpoint, head);
  if (checkpoint !== null && woken !== null) return { gate: woken, head, checkpointSeq: checkpoint.seq };
  const gate = createGate();
  const divergence = await findDivergence(log, quote, gate, head);
  if (divergence !== null) throw diverged(quote, divergence);
  return { gate, head, checkpointSeq: 0 };
}

/** Brings the gate to the head. The first entry that does not lead to what it says, or null where all do. */
async function findDivergence(
  log: ReadableLog,
  quote: QuoteId,
  gate: Gate,
  head: Head,
): Promise<number | null> {
  for await (const { entry, policy } of entriesWithPolicy(log, quote, {
    after: gate.revision,
    to: head.seq,
  })) {
    if (!isSameOutcome(decideAgain(gate, entry, policy), entry)) return entry.seq;
  }
  return gate.revision === head.seq ? null : gate.revision + 1;
}

/** Null where the checkpoint is of no use. */
async function wake(log: ReadableLog, checkpoint: Checkpoint, head: Head): Promise<Gate | null> {
  if (checkpoint.gateVersion !== GATE_VERSION) return null;
  try {
    const gate = openCheckpoint(checkpoint);
    if (gate.revision !== checkpoint.seq || !isSameBytes(hashOfState(gate), checkpoint.stateHash))
      return null;
    return (await findDivergence(log, checkpoint.quote, gate, head)) === null ? gate : null;
  } catch (error) {
    if (error instanceof Fault) throw error;
    return null;
  }
}

export const emptyHead: Head = { seq: 0, at: 0, hash: GENESIS_HASH };

/** Entries of a quote in order, each with the policy it was decided by. Between a bounded number of them others get their turn. */
async function* entriesWithPolicy(
  log: ReadableLog,
  quote: QuoteId,
  range: { readonly after: number; readonly to: number },
): AsyncGenerator<{ entry: Entry; policy: Policy }> {
  const policies = new Map<string, Policy>();
  for (let after = range.after; after < range.to;) {
    const limit = Math.min(ENTRIES_AT_ONCE, range.to - after);
    const entries = await log.entries(quote, { after, limit });
    if (entries.length === 0) return;
    for (const entry of entries) {
      const policy = policies.get(entry.policy) ?? (await loadPolicy(log, entry.policy));
      policies.set(entry.policy, policy);
      yield { entry, policy };
      after = entry.seq;
    }
    await setImmediate();
  }
}

async function loadPolicy(log: ReadableLog, hash: string): Promise<Policy> {
  const json = await log.policy(hash);
  if (json !== null) return parsePolicy(json);
  throw new Fault({
    code: 'policy_missing',
    message: `The log names the policy ${hash}, which is not in it. Restore the database from a backup.`,
    retryable: false,
  });
}

/** Hands an entry to a gate that stands right before it. */
export function decideAgain(gate: Gate, entry: Entry, policy: Policy): Outcome {
  return gate.submit({
    update: entry.received,
    kind: entry.kind,
    actor: entry.actor,
    seen: entry.seen,
    activeEdits: viewOf(entry.activeEdits),
    policy,
  });
}

function isSameOutcome(outcome: Outcome, entry: Entry): boolean {
  if (outcome.kind !== 'judged' || outcome.seq !== entry.seq) return false;
  return isSameBytes(outcome.merged, entry.merged);
}

export const isSameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0;

const diverged = (quote: QuoteId, seq: number): Fault =>
  new Fault({
    code: 'log_diverged',
    message:
      `Quote ${quote}: entry ${seq} of the log does not lead to what it says. The quote stays closed. ` +
      `Run "quoteroom audit replay ${quote}" to see what differs.`,
    retryable: false,
  });

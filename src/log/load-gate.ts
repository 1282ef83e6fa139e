import { viewOf } from '../authority/active-edits.ts';
import { type Gate, type Outcome, GATE_VERSION, createGate } from '../authority/gate.ts';
import { type Policy, parsePolicy } from '../authority/policy.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { openCheckpoint } from './checkpoint.ts';
import { GENESIS_HASH } from './entry-hash.ts';
import type { Checkpoint, Entry, Head, Log } from './log.ts';

/**
 * Brings a quote back from its log: the newest checkpoint, then every later entry decided again by the same gate. The bytes
 * that come out must be those that went out then; if they are not, the quote is not opened at all, since replicas
 * that hold the old bytes would drift from us unseen.
 */
export interface LoadedQuote {
  readonly gate: Gate;
  readonly head: Head;
}

/** What loading reads. */
export type ReadableLog = Pick<Log, 'entries' | 'checkpoint' | 'policy' | 'head'>;

const ENTRIES_AT_ONCE = 500;

/** Null for an unknown quote. Throws `Fault` `log_diverged` when the log does not lead to what it says. */
export async function loadGate(log: ReadableLog, quote: QuoteId): Promise<LoadedQuote | null> {
  const head = await log.head(quote);
  if (head === null) return null;
  const checkpoint = await log.checkpoint(quote);
  const gate = usable(checkpoint) ? openCheckpoint(checkpoint) : createGate();
  for await (const { entry, policy } of entriesWithPolicy(log, quote, { after: gate.revision, to: head.seq })) {
    const outcome = decideAgain(gate, entry, policy);
    if (!isSameOutcome(outcome, entry)) throw diverged(quote, entry.seq);
  }
  if (gate.revision !== head.seq) throw diverged(quote, gate.revision + 1);
  return { gate, head };
}

export const emptyHead: Head = { seq: 0, at: 0, hash: GENESIS_HASH };

const usable = (checkpoint: Checkpoint | null): checkpoint is Checkpoint =>
  checkpoint !== null && checkpoint.gateVersion === GATE_VERSION;

/** Entries of a quote in order, each with the policy it was decided by. Reads a bounded number at a time. */
export async function* entriesWithPolicy(
  log: ReadableLog,
  quote: QuoteId,
  range: { readonly after: number; readonly to: number },
): AsyncGenerator<{ entry: Entry; policy: Policy }> {
  const policies = new Map<string, Policy>();
  for (let after = range.after; after < range.to; ) {
    const limit = Math.min(ENTRIES_AT_ONCE, range.to - after);
    const entries = await log.entries(quote, { after, limit });
    if (entries.length === 0) return;
    for (const entry of entries) {
      const policy = policies.get(entry.policy) ?? (await loadPolicy(log, entry.policy));
      policies.set(entry.policy, policy);
      yield { entry, policy };
      after = entry.seq;
    }
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

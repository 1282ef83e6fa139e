import { type Gate, createGate } from '../authority/gate.ts';
import { GATE_VERSION, isKnownGateVersion } from '../authority/gate-version.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Entry, Head, Log } from '../log/log.ts';
import { createStoredPolicies } from '../log/stored-policies.ts';
import { checkChain, headOf } from './check-chain.ts';
import { checkCheckpoint, checkpointedEntries } from './check-checkpoint.ts';
import { checkDecision } from './check-decision.ts';
import type { Finding } from './finding.ts';
import { readEntries } from './read-entries.ts';

/**
 * Goes through a quote's log from entry 1, decides every entry again, and says at each step what is wrong with it. Verify and replay
 * are two ways to look at this walk.
 *
 * The chain is checked to the end, whatever is found. The gate falls out of step at an entry that is missing or that
 * no longer leads where it led; from there on nothing is decided again, since all of it would differ.
 */
export interface Step {
  readonly seq: number;
  /** Null where there is none, or none that can be read. */
  readonly entry: Entry | null;
  readonly findings: readonly Finding[];
}

export type AuditedLog = Pick<Log, 'entries' | 'checkpoint' | 'policy' | 'head'>;

export interface Walk {
  /** The gate as it stands after the newest step that it was in step with. */
  readonly gate: Gate;
  /** The entry that `gate` stands after, or null before the first. */
  readonly head: Head | null;
  steps(): AsyncGenerator<Step>;
}

/** Missing entries in a row that are named one by one. */
const MISSING_TOLD_MAX = 200;

export interface WalkRange {
  readonly to: number;
  /** A gate that stands after this entry; without it, the walk begins at entry 1. */
  readonly start?: { readonly gate: Gate; readonly head: Head };
}

/** Steps come with every number from the first on, missing ones included. */
export function createWalk(log: AuditedLog, quote: QuoteId, { to, start }: WalkRange): Walk {
  const policies = createStoredPolicies(log);
  const gate = start?.gate ?? createGate();
  let head: Head | null = start?.head ?? null;
  let before: Head | null | 'unknown' = head;
  let isInStep = true;

  async function* steps(): AsyncGenerator<Step> {
    const checkpointed = await checkpointedEntries(log, quote);
    const after = head?.seq ?? 0;
    let next = after + 1;
    for await (const read of readEntries(log, quote, { after, to })) {
      const seq = read.kind === 'entry' ? read.entry.seq : read.seq;
      yield* missing(next, seq - 1);
      next = seq + 1;
      if (read.kind === 'unreadable') yield unreadable(seq, read.message);
      else yield await look(read.entry, checkpointed.has(seq));
    }
    yield* missing(next, to);
  }

  function* missing(first: number, last: number): Generator<Step> {
    // Where a number was made so large that adding one changes nothing.
    if (!Number.isSafeInteger(first)) return;
    for (let seq = first; seq <= last; seq++) {
      const isRest = seq - first >= MISSING_TOLD_MAX && seq < last;
      const what = isRest ? `entries ${seq} to ${last} are missing` : `entry ${seq} is missing`;
      yield { seq, entry: null, findings: [{ seq, kind: 'missing', message: what + loseStep() }] };
      if (isRest) return;
    }
  }

  function unreadable(seq: number, reason: string): Step {
    const message = reason + loseStep();
    return { seq, entry: null, findings: [{ seq, kind: 'unreadable', message }] };
  }

  /** What to add to the finding that ends the deciding. */
  function loseStep(): string {
    before = 'unknown';
    if (!isInStep) return '';
    isInStep = false;
    return '; the entries after it cannot be decided again';
  }

  async function look(entry: Entry, isCheckpointed: boolean): Promise<Step> {
    const findings = checkChain(entry, before);
    before = headOf(entry);
    if (isInStep) findings.push(...(await decide(entry)));
    if (isInStep) head = before;
    const checkpoint = isInStep && isCheckpointed ? await log.checkpoint(quote, entry.seq) : null;
    if (checkpoint !== null) findings.push(...checkCheckpoint(checkpoint, gate));
    return { seq: entry.seq, entry, findings };
  }

  async function decide(entry: Entry): Promise<readonly Finding[]> {
    const { seq } = entry;
    const stop = (kind: 'version' | 'policy', message: string): Finding[] => {
      isInStep = false;
      return [
        { seq, kind, message: `${message}; neither entry ${seq} nor those after it can be decided again` },
      ];
    };
    if (!isKnownGateVersion(entry.gateVersion)) {
      return stop(
        'version',
        `version ${entry.gateVersion} of the gate decided it, this one knows versions up to ${GATE_VERSION}`,
      );
    }
    const policy = await policies.find(entry.policy);
    if (!policy.ok) return stop('policy', policy.reason.message);
    const again = checkDecision(gate, entry, policy.value);
    isInStep = again.isInStep;
    return again.findings;
  }

  return {
    gate,
    get head() {
      return head;
    },
    steps,
  };
}

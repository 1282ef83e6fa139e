import { isDeepStrictEqual } from 'node:util';
import type { Gate, Judged, Outcome } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import type { Author, WriteVerdict } from '../authority/verdict.ts';
import { isSameBytes } from '../lib/bytes.ts';
import { decideAgain } from '../log/load-gate.ts';
import type { Entry } from '../log/log.ts';
import { type Finding, differs } from './finding.ts';

export interface DecidedAgain {
  readonly findings: readonly Finding[];
  /** False if the gate no longer stands where it stood then: what follows cannot be compared. */
  readonly isInStep: boolean;
}

/**
 * Hands the entry to a gate that stands right before it, and compares everything that comes out with what is recorded.
 * A record that differs alone leaves the gate in step; if the bytes and what was made of them both differ, the
 * update itself is another one now.
 */
export function checkDecision(gate: Gate, entry: Entry, policy: Policy): DecidedAgain {
  const { seq } = entry;
  const outcome = submitAgain(gate, entry, policy);
  if (outcome.kind !== 'judged' || outcome.seq !== seq) {
    const cameOut = describeOutcome(outcome);
    const finding = differs(
      { seq, kind: 'decision' },
      { of: 'the update', recorded: `entry ${seq}`, cameOut },
    );
    return { findings: [finding], isInStep: false };
  }
  const ofRecord = [...checkVerdicts(entry, outcome), ...checkRecord(entry, outcome)];
  const ofBytes = isSameBytes(outcome.merged, entry.merged) ? [] : [mergedDiffers(entry, outcome)];
  return { findings: [...ofRecord, ...ofBytes], isInStep: ofRecord.length === 0 || ofBytes.length === 0 };
}

type OutcomeAgain = Outcome | { readonly kind: 'failed'; readonly reason: string };

/** A gate that is handed what no gate ever let through may break in any way: that is a finding, not a crash. */
function submitAgain(gate: Gate, entry: Entry, policy: Policy): OutcomeAgain {
  try {
    return decideAgain(gate, entry, policy);
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function describeOutcome(outcome: OutcomeAgain): string {
  if (outcome.kind === 'judged') return `entry ${outcome.seq}`;
  return 'reason' in outcome ? `${outcome.kind} (${outcome.reason})` : outcome.kind;
}

/** Rows are compared by their place, since their order is part of the record. */
function checkVerdicts(entry: Entry, { verdicts }: Judged): Finding[] {
  const count = Math.max(entry.writes.length, verdicts.length);
  const findings: Finding[] = [];
  for (let index = 0; index < count; index++) {
    const [recorded, cameOut] = [entry.writes[index], verdicts[index]];
    if (isDeepStrictEqual(recorded, cameOut)) continue;
    const of = `write ${index + 1}, ${(recorded ?? cameOut)?.cell ?? ''}`;
    findings.push(
      differs(
        { seq: entry.seq, kind: 'verdict' },
        { of, recorded: describeVerdict(recorded), cameOut: describeVerdict(cameOut) },
      ),
    );
  }
  return findings;
}

function checkRecord(entry: Entry, outcome: Judged): Finding[] {
  const compared = [
    ['clocks', 'the clocks it brought', entry.clocks, outcome.clocks],
    ['aliases', 'the corrections', entry.aliases, outcome.aliases],
    ['active_edits', 'the active edits looked at', entry.activeEdits, outcome.activeEdits],
  ] as const;
  return compared
    .filter(([, , recorded, cameOut]) => !isDeepStrictEqual(recorded, cameOut))
    .map(([kind, of, recorded, cameOut]) =>
      differs(
        { seq: entry.seq, kind },
        { of, recorded: JSON.stringify(recorded), cameOut: JSON.stringify(cameOut) },
      ),
    );
}

const mergedDiffers = ({ seq, merged }: Entry, outcome: Judged): Finding =>
  differs(
    { seq, kind: 'merged' },
    { of: 'the merged bytes', recorded: describeBytes(merged), cameOut: describeBytes(outcome.merged) },
  );

function describeVerdict(write: WriteVerdict | undefined): string {
  if (write === undefined) return 'no such write';
  const { cell, operation, before, offered, applied, verdict, reason, by } = write;
  const values = [before, offered, applied].map((value) => JSON.stringify(value));
  const why = reason === null ? '' : ` (${reason}${by === null ? '' : ` by ${describeAuthor(by)}`})`;
  return `${verdict}${why}: ${operation} of ${cell}, before ${values[0]}, offered ${values[1]}, applied ${values[2]}`;
}

const describeAuthor = ({ user, role }: Author): string => `${user}, ${role}`;

const SHOWN_BYTES_MAX = 32;

function describeBytes(bytes: Uint8Array | null): string {
  if (bytes === null) return 'nothing';
  const hex = Buffer.from(bytes.subarray(0, SHOWN_BYTES_MAX)).toString('hex');
  return `${bytes.length} bytes ${hex}${bytes.length > SHOWN_BYTES_MAX ? '...' : ''}`;
}

import type { Actor } from '../authority/actor.ts';
import { explainRefusal } from '../authority/explain-refusal.ts';
import type { Gate } from '../authority/gate.ts';
import type { CellReader, Policy } from '../authority/policy.ts';
import { type Json, type WriteVerdict, isRefused } from '../authority/verdict.ts';
import { type CellValue, parseCellId } from '../quote/cell.ts';
import { NOT_ON_QUOTE, isSeen } from '../quote/on-quote.ts';

/** A verdict, with what a person wants to know beside it. */
export interface ExplainedVerdict extends WriteVerdict {
  /** Which limit a refused write passed, or that an accepted one went into a row that nobody sees. */
  readonly message?: string;
}

/** More of one update than a person reads: the rest is told without a message. */
const EXPLAINED_MAX = 1_000;

/**
 * Says more of the verdicts on an update. To be called in the turn in which the gate gave them: what the update did not
 * write still stands as it did when it was decided, and for the rest the verdicts tell.
 */
export function explainVerdicts(
  { policy, gate, actor }: { readonly policy: Policy; readonly gate: Gate; readonly actor: Actor },
  verdicts: readonly WriteVerdict[],
): readonly ExplainedVerdict[] {
  const { valueOf } = gate.ledger;
  const isLimited = verdicts.some(({ reason }) => reason === 'not_permitted');
  const written = new Map(isLimited ? verdicts.map((verdict) => [verdict.cell, verdict]) : []);
  const before: CellReader = (id) => {
    const verdict = written.get(id);
    return verdict === undefined ? valueOf(id) : verdict.before;
  };
  const after: CellReader = (id) => {
    const verdict = written.get(id);
    return verdict === undefined ? valueOf(id) : cellValueOf(verdict.offered);
  };

  function messageOf(verdict: WriteVerdict): string | null {
    const cell = parseCellId(verdict.cell);
    if (cell === null) return null;
    if (!isRefused(verdict)) return isSeen(valueOf, cell) ? null : NOT_ON_QUOTE;
    if (verdict.reason !== 'not_permitted') return null;
    const write = { role: actor.role, cell: verdict.cell, value: after(verdict.cell) };
    return explainRefusal(policy, write, { before, after });
  }

  return verdicts.map((verdict, index) => {
    const message = index < EXPLAINED_MAX ? messageOf(verdict) : null;
    return message === null ? verdict : { ...verdict, message };
  });
}

/** No other value is one of a cell. */
const cellValueOf = (offered: Json): CellValue =>
  typeof offered === 'string' || typeof offered === 'boolean' ? offered : null;

import type { Actor } from '../authority/actor.ts';
import { REASON_TEXTS, explainRefusal } from '../authority/explain-refusal.ts';
import type { Gate } from '../authority/gate.ts';
import type { CellReader, Policy } from '../authority/policy.ts';
import { type Json, type WriteVerdict, isRefused } from '../authority/verdict.ts';
import { type CellValue, parseCellId, parseNoteRootName } from '../quote/cell.ts';
import { parseCellValue } from '../quote/columns.ts';
import { NOT_ON_QUOTE, isSeen } from '../quote/on-quote.ts';

/** A verdict, with what a person wants to know beside it. */
export interface ExplainedVerdict extends WriteVerdict {
  /**
   * What the cell of a refused write takes, the limit that it passed, or that an accepted one went into a row that
   * nobody sees.
   */
  readonly message?: string;
}

/** More refused or accepted writes of one update than a person reads: the rest is told without a message. */
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
    if (verdict.reason === 'invalid_value') return explainInvalid(verdict, policy.limits.cellBytes);
    const cell = parseCellId(verdict.cell);
    if (cell === null) return null;
    if (!isRefused(verdict)) return isSeen(valueOf, cell) ? null : NOT_ON_QUOTE;
    if (verdict.reason !== 'not_permitted') return null;
    const write = { role: actor.role, cell: verdict.cell, value: after(verdict.cell) };
    return explainRefusal(policy, write, { before, after });
  }

  let [accepted, refused] = [0, 0];
  return verdicts.map((verdict) => {
    const count = isRefused(verdict) ? ++refused : ++accepted;
    const message = count <= EXPLAINED_MAX ? messageOf(verdict) : null;
    return message === null ? verdict : { ...verdict, message };
  });
}

/** Where the value is good the quote is full, or what made it none is lost in its JSON: the reason's text says both. */
function explainInvalid({ cell, offered }: WriteVerdict, cellBytesMax: number): string {
  if (parseNoteRootName(cell) !== null) return REASON_TEXTS.invalid_value;
  const parsed = parseCellValue(cell, offered, cellBytesMax);
  return parsed.ok ? REASON_TEXTS.invalid_value : parsed.reason;
}

/** No other value is one of a cell. */
const cellValueOf = (offered: Json): CellValue =>
  typeof offered === 'string' || typeof offered === 'boolean' ? offered : null;

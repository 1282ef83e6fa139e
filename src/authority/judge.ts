import * as Y from 'yjs';
import type { CellId } from '../lib/ids.ts';
import { type Cell, type CellValue, type RowRoot, rowCell, rowOf } from '../quote/cell.ts';
import { parseCellValue } from '../quote/columns.ts';
import { type DecisionContext, type Refusal, decide, decideReturn } from './decide.ts';
import { type Capacity, createCapacity } from './capacity.ts';
import type { PastWrite } from './cell-record.ts';
import type { Ledger } from './ledger.ts';
import { forbids, isOverLimit } from './policy.ts';
import { mayEdit } from './role.ts';
import { FORMAT_KEY_CHARS_MAX } from './update-bounds.ts';
import type { CellWrite, TextEdit, Writes } from './writes.ts';

export interface Judgement {
  readonly cells: readonly CellRuling[];
  readonly texts: readonly TextRuling[];
  /** Rows that an accepted write brings back, with the removal that it undoes. */
  readonly returns: readonly RowFate[];
  /** Rows that stay removed, though somebody who did not know wrote into them. */
  readonly staysRemoved: readonly RowFate[];
}

export interface CellRuling {
  readonly write: CellWrite;
  /** The value as parsed; null too where it is none of the column's. */
  readonly value: CellValue;
  readonly refusal: Refusal | null;
  readonly overrides: readonly PastWrite[];
}

export interface TextRuling {
  readonly edit: TextEdit;
  readonly refusal: Refusal | null;
}

export interface RowFate {
  readonly removedCell: CellId;
  readonly removal: PastWrite;
}

export type JudgeContext = Omit<DecisionContext, 'after' | 'ledger'> & {
  readonly ledger: Ledger;
  /** The document has no room for more content. */
  readonly isFull: boolean;
};

/** Structs of one cell in an update that clears it while the quote is full: a person's tries before. */
const STRUCTS_PER_CLEARING_MAX = 16;

const invalid: Refusal = { kind: 'refused', reason: 'invalid_value', by: null, keptRowFor: null };

const overLimit: Refusal = { ...invalid, reason: 'not_permitted' };

/**
 * Judges all writes of one update against the state before it. Limits look at a write with its update's other
 * writes as they would stand, so that the two halves of a pair (kind and value of a discount) cannot be brought in one by
 * one; where one half is refused, the other is judged without it.
 */
export function judge(context: JudgeContext, writes: Writes): Judgement {
  const capacity = createCapacity(context.ledger, context.policy);
  const parsed = writes.cells.map((write) => parseWrite(context, capacity, write));
  const cells = judgeTogether(context, parsed);
  return {
    cells,
    texts: writes.texts.map((edit) => ({ edit, refusal: judgeText(context, capacity, edit) })),
    ...judgeRows(context, cells),
  };
}

interface ParsedWrite {
  readonly write: CellWrite;
  readonly cell: Cell | null;
  readonly value: CellValue;
}

function parseWrite(context: JudgeContext, capacity: Capacity, write: CellWrite): ParsedWrite {
  const parsed = parseCellValue(write.cell, write.value, context.policy.limits.cellBytes);
  if (!parsed.ok) return { write, cell: null, value: null };
  const { cell, value } = parsed.value;
  const hasRoom = (!context.isFull || isClearing(context, write, value)) && capacity.takes(rowOf(cell));
  return { write, cell: hasRoom ? cell : null, value };
}

/** In a full quote a value may still be taken out, by a write that brings little else. */
const isClearing = ({ ledger }: JudgeContext, { cell, items }: CellWrite, value: CellValue): boolean =>
  value === null && ledger.valueOf(cell) !== null && items.length <= STRUCTS_PER_CLEARING_MAX;

/**
 * First each write by itself, then the limits of those that are left, together: a pair that is over a limit falls as
 * a whole, whichever half comes first. What falls may leave another pair over its limit, so it goes on until none is.
 */
function judgeTogether(context: JudgeContext, parsed: readonly ParsedWrite[]): CellRuling[] {
  const { policy, actor, ledger } = context;
  const withoutLimits = { ...context, after: () => null };
  const rulings = parsed.map((one) => judgeOne(withoutLimits, one));
  const offers = new Map<CellId, CellValue>();
  for (const { write, value, refusal } of rulings) if (refusal === null) offers.set(write.cell, value);
  const after = (id: CellId): CellValue => (offers.has(id) ? (offers.get(id) ?? null) : ledger.valueOf(id));
  const isOver = ({ write, value }: CellRuling): boolean =>
    isOverLimit(policy, { role: actor.role, cell: write.cell }, (id) =>
      id === write.cell ? value : after(id),
    );

  const over = new Set<CellRuling>();
  let fallen: readonly CellRuling[];
  do {
    fallen = rulings.filter((ruling) => offers.has(ruling.write.cell) && isOver(ruling));
    for (const ruling of fallen) offers.delete(ruling.write.cell);
    for (const ruling of fallen) over.add(ruling);
  } while (fallen.length > 0);
  return rulings.map((ruling) => {
    const isForbidden = over.has(ruling) || (isConflict(ruling) && isOver(ruling));
    return isForbidden ? { ...ruling, refusal: overLimit, overrides: [] } : ruling;
  });
}

/** Lost against others, but it might have been too much in the first place: then that is what its author is told. */
const isConflict = ({ refusal }: CellRuling): boolean =>
  refusal !== null && (refusal.reason === 'authority_overridden' || refusal.reason === 'held');

function judgeOne(context: DecisionContext, { write, cell, value }: ParsedWrite): CellRuling {
  if (cell === null) {
    const refusal = mayEdit(context.actor.permission)
      ? invalid
      : { ...invalid, reason: 'not_permitted' as const };
    return { write, value, refusal, overrides: [] };
  }
  const decision = decide(context, { cell, id: write.cell, value, k: write.k });
  return decision.kind === 'accepted'
    ? { write, value, refusal: null, overrides: decision.overrides }
    : { write, value, refusal: decision, overrides: [] };
}

/** Text merges character by character: only who may write it at all is asked. */
function judgeText(context: JudgeContext, capacity: Capacity, edit: TextEdit): Refusal | null {
  const { policy, actor, ledger } = context;
  const no = (reason: Refusal['reason']): Refusal => ({ ...invalid, reason });
  if (!mayEdit(actor.permission)) return no('not_permitted');
  const cell = edit.root as CellId;
  const reason = forbids(policy, { role: actor.role, cell }, ledger.valueOf, ledger.valueOf);
  if (reason !== null) return no(reason);
  const isValid = edit.items.every(({ item }) => isPlain(item, policy.limits.cellBytes));
  const hasRoom = (edit.items.length === 0 || !context.isFull) && capacity.takes(`notes/${edit.note}`);
  return isValid && hasRoom ? null : no('invalid_value');
}

/** Text, or a format with a short name and a plain value. */
function isPlain({ content }: Y.Item, bytesMax: number): boolean {
  if (!(content instanceof Y.ContentFormat)) return true;
  const value: unknown = content.value;
  if (content.key.length > FORMAT_KEY_CHARS_MAX || (typeof value === 'object' && value !== null))
    return false;
  return typeof value !== 'string' || value.length <= bytesMax;
}

function judgeRows(
  context: JudgeContext,
  cells: readonly CellRuling[],
): Pick<Judgement, 'returns' | 'staysRemoved'> {
  const written = new Set(cells.map(({ write }) => write.cell));
  const fates = new Map<CellId, RowFate & { readonly kind: 'returns' | 'stays_removed' }>();
  for (const { write, value, refusal } of cells) {
    const place = refusal === null ? rowPlaceOf(write) : null;
    if (place === null || written.has(rowCell(place.root, place.row, 'removed'))) continue;
    const cell: Cell = { ...place, key: write.key };
    const fate = decideReturn(
      { ...context, after: context.ledger.valueOf },
      { cell, id: write.cell, value, k: write.k },
    );
    if (fate === null) continue;
    const removedCell = rowCell(place.root, place.row, 'removed');
    fates.set(removedCell, { kind: fate.kind, removedCell, removal: fate.removal });
  }
  const all = [...fates.values()];
  return {
    returns: all.filter(({ kind }) => kind === 'returns'),
    staysRemoved: all.filter(({ kind }) => kind === 'stays_removed'),
  };
}

function rowPlaceOf({ root, key }: CellWrite): { root: RowRoot; row: string; column: string } | null {
  const [row, column] = key.split('/');
  return root === 'fields' || row === undefined || column === undefined ? null : { root, row, column };
}

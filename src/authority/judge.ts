import * as Y from 'yjs';
import type { CellId } from '../lib/ids.ts';
import { type Cell, type CellValue, type RowRoot, rowCell, rowOf } from '../quote/cell.ts';
import { parseCellValue } from '../quote/columns.ts';
import { type DecisionContext, type Refused, decide, decideReturn } from './decide.ts';
import type { PastWrite } from './ledger.ts';
import { forbids } from './policy.ts';
import { mayEdit } from './role.ts';
import { FORMAT_KEY_CHARS_MAX } from './update-bounds.ts';
import type { CellWrite, TextEdit, Writes } from './writes.ts';

/**
 * Judges all writes of one update against the state before it. A write is judged with its update's other
 * writes as they would stand, so that the two halves of a pair (kind and value of a discount) cannot be brought in one by
 * one; where the other half is refused, it is judged again without it.
 */
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
  readonly refusal: Refused | null;
  readonly overrides: readonly PastWrite[];
}

export interface TextRuling {
  readonly edit: TextEdit;
  readonly refusal: Refused | null;
}

export interface RowFate {
  readonly removedCell: CellId;
  readonly removal: PastWrite;
}

export type JudgeContext = Omit<DecisionContext, 'after'> & {
  /** The document has no room for more content. */
  readonly isFull: boolean;
};

/** Structs of one cell in an update that clears it while the quote is full: a person's tries before. */
const STRUCTS_PER_CLEARING_MAX = 16;

const invalid: Refused = { kind: 'refused', reason: 'invalid_value', by: null, keptRowFor: null };

export function judge(context: JudgeContext, writes: Writes): Judgement {
  const capacity = createCapacity(context);
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

function judgeTogether(context: JudgeContext, parsed: readonly ParsedWrite[]): CellRuling[] {
  const offers = new Map<CellId, CellValue>();
  for (const { write, cell, value } of parsed) if (cell !== null) offers.set(write.cell, value);
  const after = (id: CellId): CellValue => (offers.has(id) ? (offers.get(id) ?? null) : context.ledger.valueOf(id));
  const rulings = new Map<CellId, CellRuling>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const one of parsed) {
      if (rulings.get(one.write.cell)?.refusal) continue;
      const ruling = judgeOne({ ...context, after }, one);
      rulings.set(one.write.cell, ruling);
      if (ruling.refusal === null) continue;
      offers.delete(one.write.cell);
      changed = parsed.length > 1;
    }
  }
  return [...rulings.values()];
}

function judgeOne(context: DecisionContext, { write, cell, value }: ParsedWrite): CellRuling {
  if (cell === null) {
    const refusal = mayEdit(context.actor.permission) ? invalid : { ...invalid, reason: 'not_permitted' as const };
    return { write, value, refusal, overrides: [] };
  }
  const decision = decide(context, { cell, id: write.cell, value, k: write.k });
  return decision.kind === 'accepted'
    ? { write, value, refusal: null, overrides: decision.overrides }
    : { write, value, refusal: decision, overrides: [] };
}

/** Text merges character by character: only who may write it at all is asked. */
function judgeText(context: JudgeContext, capacity: Capacity, edit: TextEdit): Refused | null {
  const { policy, actor, ledger } = context;
  const no = (reason: Refused['reason']): Refused => ({ ...invalid, reason });
  if (!mayEdit(actor.permission)) return no('not_permitted');
  const cell = edit.root as CellId;
  const reason = forbids(policy, { role: actor.role, cell, value: null }, ledger.valueOf, ledger.valueOf);
  if (reason !== null) return no(reason);
  const isValid = edit.items.every(({ item }) => isPlain(item, policy.limits.cellBytes));
  const hasRoom = (edit.items.length === 0 || !context.isFull) && capacity.takes(`notes/${edit.note}`);
  return isValid && hasRoom ? null : no('invalid_value');
}

/** Text, or a format with a short name and a plain value. */
function isPlain({ content }: Y.Item, bytesMax: number): boolean {
  if (!(content instanceof Y.ContentFormat)) return true;
  const value: unknown = content.value;
  if (content.key.length > FORMAT_KEY_CHARS_MAX || (typeof value === 'object' && value !== null)) return false;
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

/** Counts the rows that an update adds. */
interface Capacity {
  /** True if the row is there already or there is room for it. */
  takes(row: string | null): boolean;
}

function createCapacity({ ledger, policy: { limits } }: JudgeContext): Capacity {
  const most: Readonly<Record<string, number>> = {
    lineItems: limits.lineItems,
    discounts: limits.discounts,
    notes: limits.notes,
  };
  const added = new Map<string, number>();
  const taken = new Set<string>();
  return {
    takes(row) {
      if (row === null || ledger.hasRow(row) || taken.has(row)) return true;
      const root = row.slice(0, row.indexOf('/'));
      const count = added.get(root) ?? 0;
      if (ledger.rowCount(root) + count >= (most[root] ?? 0)) return false;
      added.set(root, count + 1);
      taken.add(row);
      return true;
    },
  };
}

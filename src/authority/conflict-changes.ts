import type { CellId } from '../lib/ids.ts';
import { present } from '../lib/assert.ts';
import type { Actor } from './actor.ts';
import type { ConflictChange, HeldConflict } from './conflicts.ts';
import type { Ties } from './decide.ts';
import type { CellRuling, Judgement } from './judge.ts';
import type { Ledger } from './ledger.ts';
import type { OverriddenList } from './overridden.ts';
import type { Policy } from './policy.ts';

/**
 * What a judged update does to held conflicts: writes that were held are parked, and a conflict ends when another write than
 * that of what is kept comes to stand in its cell, whichever rule let it. Most quotes have none, and most updates change none:
 * these cost nothing.
 */
export interface ChoiceContext {
  readonly ledger: Ledger;
  readonly actor: Actor;
  readonly seq: number;
  readonly ties: Ties;
  /** Nobody chose in time: the conflict ends, whatever becomes of the write. */
  readonly isExpiry: boolean;
  readonly policy: Policy;
}

/** Conflicts on the cells that an update is about, as they are before it. */
export type Contested = ReadonlyMap<CellId, HeldConflict>;

const NONE: Contested = new Map();
const NO_CHANGES: readonly ConflictChange[] = [];

export function findContested(ledger: Ledger, { cells, returns }: Judgement): Contested {
  if (ledger.conflictCount() === 0) return NONE;
  const found = new Map<CellId, HeldConflict>();
  const look = (cell: CellId): void => {
    const conflict = ledger.conflictOn(cell);
    if (conflict !== null) found.set(cell, conflict);
  };
  for (const { write } of cells) look(write.cell);
  for (const { removedCell } of returns) look(removedCell);
  return found;
}

/** Notes it in the ledger, after the update was applied, and tells those who did not get their way. */
export function noteConflicts(
  context: ChoiceContext,
  { cells }: Judgement,
  { contested, overridden }: { readonly contested: Contested; readonly overridden: OverriddenList },
): readonly ConflictChange[] {
  if (context.ties === 'version1') return NO_CHANGES;
  let changes: ConflictChange[] | null = null;
  for (const ruling of cells) {
    if (ruling.refusal?.reason !== 'held') continue;
    const change = park(context, ruling, { contested, overridden });
    if (change !== null) (changes ??= []).push(change);
  }
  for (const conflict of contested.values()) {
    const change = settle(context, conflict, overridden);
    if (change !== null) (changes ??= []).push(change);
  }
  return changes ?? NO_CHANGES;
}

function park(
  { ledger, actor, seq }: ChoiceContext,
  { write: { cell }, value }: CellRuling,
  { contested, overridden }: { readonly contested: Contested; readonly overridden: OverriddenList },
): ConflictChange | null {
  const before = ledger.conflictOn(cell);
  if (!ledger.park(cell, { seq, user: actor.user, role: actor.role, value })) return null;
  const conflict = present(ledger.conflictOn(cell), 'what was parked is in conflict');
  for (const write of before?.parked ?? []) {
    const isParked = conflict.parked.some(({ user }) => user === write.user);
    if (!isParked) overridden.addCrowdedOut(write, conflict);
  }
  return { kind: contested.has(cell) ? 'parked' : 'held', conflict };
}

/** What became of a conflict in whose cell something was written; null where that was refused. */
function settle(
  context: ChoiceContext,
  conflict: HeldConflict,
  overridden: OverriddenList,
): ConflictChange | null {
  const { ledger } = context;
  const { cell, kept } = conflict;
  const standing = standingIn(ledger, cell);
  if (isSettled(context, conflict, standing)) {
    ledger.endConflict(cell);
    overridden.addSettled(conflict, standing);
    return { kind: 'settled', conflict };
  }
  return standing === kept ? null : { kind: 'kept', conflict: { ...conflict, kept: standing } };
}

/** Writing on what is kept settles nothing, but where the policy knows no authority. */
function isSettled(
  { isExpiry, ties, policy }: ChoiceContext,
  { kept }: HeldConflict,
  standing: HeldConflict['kept'],
): boolean {
  if (isExpiry) return true;
  if (standing === kept) return false;
  const isWrittenOn = standing.user === kept.user && standing.role === kept.role;
  return !isWrittenOn || ties === 'choose' || policy.settings.conflict === 'last_write_wins';
}

const standingIn = (ledger: Ledger, cell: CellId): HeldConflict['kept'] =>
  present(ledger.record(cell), 'a cell in conflict was written').standing;

import { present } from '../lib/assert.ts';
import type { CellId, UserId } from '../lib/ids.ts';
import type { Cell, CellValue } from '../quote/cell.ts';
import { rowCell, rowOf } from '../quote/cell.ts';
import type { ActiveEditView } from './active-edits.ts';
import type { Actor } from './actor.ts';
import type { CellRecord, PastWrite } from './cell-record.ts';
import type { HeldConflict } from './conflicts.ts';
import type { Ledger } from './ledger.ts';
import { type Policy, forbids, holdsTies, isSticky } from './policy.ts';
import { mayEdit, rankOf } from './role.ts';
import type { ActiveEdit, Author, RefusalReason } from './verdict.ts';

export interface OfferedWrite {
  readonly cell: Cell;
  readonly id: CellId;
  /** `undefined` asks with the value left open: whether anything at all may be written. */
  readonly value: CellValue | undefined;
  /** Newest revision of the cell that the author had seen. */
  readonly k: number;
}

/** What a decision looks at of the ledger: a client that foresees one has less than the gate. */
export interface DecisionLedger extends Pick<
  Ledger,
  'valueOf' | 'unseen' | 'rankAt' | 'cellsOf' | 'conflictOn'
> {
  record(cell: CellId): Pick<CellRecord, 'standing'> | null;
}

/**
 * How the second of two equals is decided, where a cell holds ties.
 * - `hold`: it waits in a conflict, and so do all further ones
 * - `choose`: this write is somebody's choice in such a conflict, so equals do not stand against it
 * - `version1`: as version 1 of the gate did, which knew no conflicts
 */
export type Ties = 'hold' | 'choose' | 'version1';

export interface DecisionContext {
  readonly policy: Policy;
  readonly ledger: DecisionLedger;
  readonly actor: Actor;
  readonly ties: Ties;
  readonly activeEdits: ActiveEditView;
  /** Newest revision of the quote that the author is known to have seen: for rows. */
  readonly rowsSeen: number;
  /** What cells would hold if all writes of the update stood. */
  readonly after: (cell: CellId) => CellValue;
}

export type Decision = Accepted | Refusal;

export interface Accepted {
  readonly kind: 'accepted';
  /** Writes of lower roles that it puts aside. */
  readonly overrides: readonly PastWrite[];
}

export interface Refusal {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** The winner, where a person won. */
  readonly by: Author | null;
  /** Set where this write elsewhere in the row brings the removed row back, since only it is against removing it again. */
  readonly keptRowFor: PastWrite | null;
}

const refused = (reason: RefusalReason, by: Author | null, keptRowFor: PastWrite | null = null): Refusal => ({
  kind: 'refused',
  reason,
  by,
  keptRowFor,
});

/**
 * Decides one write against the state before its update. Pure: everything it looks at comes in. The rules
 * are numbered in SPEC.md; the order here is theirs:
 *
 *   may this person write this here at all? -> does a higher role stand against it? -> is it a tie to be held, or is one
 *   open? -> it stands
 */
export function decide(context: DecisionContext, write: OfferedWrite): Decision {
  const forbidden = decidePermission(context, write);
  if (forbidden !== null) return forbidden;
  if (context.policy.settings.conflict === 'last_write_wins') return { kind: 'accepted', overrides: [] };
  return decideConflict(context, write);
}

/** [A20] Permission, role, limits and locks. */
function decidePermission(
  { policy, ledger, actor, after }: DecisionContext,
  write: OfferedWrite,
): Refusal | null {
  if (!mayEdit(actor.permission)) return refused('not_permitted', null);
  const reason = forbids(
    policy,
    { role: actor.role, cell: write.id, value: write.value },
    ledger.valueOf,
    after,
  );
  return reason === null ? null : refused(reason, null);
}

/** [A21]-[A26] What others wrote, hold or own. */
function decideConflict(context: DecisionContext, write: OfferedWrite): Decision {
  const { ledger, actor, activeEdits } = context;
  const rank = rankOf(actor.role);
  const unseen = ledger.unseen(write.id, actor.user, write.k);
  const higher = highest([...unseen, ...others(activeEdits.on(write.id), actor.user)], rank);
  if (higher !== null) return refused('authority_overridden', authorOf(higher));

  const sticky = findStickyAbove(context, write.id, rank);
  if (sticky !== null) return refused('authority_overridden', authorOf(sticky));

  const tied = decideTie(context, write, unseen);
  if (tied !== null) return tied;

  const overrides = unseen.filter(({ role }) => rankOf(role) < rank);
  return isRemoval(write) ? decideRemoval(context, write, overrides) : { kind: 'accepted', overrides };
}

/** [A23] [A51] What equals wrote there, where the cell holds ties or has a conflict open. Null where nothing is against it. */
function decideTie(
  context: DecisionContext,
  write: OfferedWrite,
  unseen: readonly PastWrite[],
): Refusal | null {
  const { policy, ledger, ties } = context;
  if (ties === 'version1') return decideTieOfVersion1(context, write, unseen);
  const conflict = ledger.conflictOn(write.id);
  if (conflict !== null) return decideContested(context, conflict);
  const equal = unseen.length === 0 ? undefined : findStandingEqual(context, write);
  if (equal === undefined || !holdsTies(policy, write.id, ledger.valueOf)) return null;
  return refused('held', authorOf(equal));
}

/** [A57] */
function decideTieOfVersion1(
  { policy, ledger, actor }: DecisionContext,
  { id }: OfferedWrite,
  unseen: readonly PastWrite[],
): Refusal | null {
  const equal = unseen.find(({ role }) => role === actor.role);
  return equal !== undefined && holdsTies(policy, id, ledger.valueOf)
    ? refused('held', authorOf(equal))
    : null;
}

/** What stands, where it is an equal's that the author had not seen: only that can be kept against the new value. */
function findStandingEqual(
  { ledger, actor }: DecisionContext,
  { id, k }: OfferedWrite,
): PastWrite | undefined {
  const standing = ledger.record(id)?.standing;
  if (standing === undefined || standing.user === actor.user || standing.seq <= k) return undefined;
  return standing.role === actor.role ? standing : undefined;
}

/** [A51] [A54] A conflict is open: who had seen what no longer counts. */
function decideContested({ actor, ties }: DecisionContext, { kept }: HeldConflict): Refusal | null {
  const rank = rankOf(actor.role);
  const keptRank = rankOf(kept.role);
  if (rank < keptRank) return refused('authority_overridden', authorOf(kept));
  if (rank > keptRank || kept.user === actor.user || ties === 'choose') return null;
  return refused('held', authorOf(kept));
}

const isRemoval = ({ cell, value }: OfferedWrite): boolean =>
  cell.row !== null && cell.column === 'removed' && value === true;

/**
 * [A27] A removal also meets what happened anywhere else in the row. Where a value stuck already in what its author had
 * seen, the removal never had a chance; where only an unseen write is against it, that write keeps the row.
 */
function decideRemoval(
  context: DecisionContext,
  write: OfferedWrite,
  overrides: readonly PastWrite[],
): Decision {
  const { policy, ledger, actor, activeEdits, rowsSeen } = context;
  const rank = rankOf(actor.role);
  const row = present(rowOf(write.cell), 'only rows are removed');
  const unseen: PastWrite[] = [];
  let sticky: PastWrite | null = null;
  let hasStuck = false;
  for (const cell of ledger.cellsOf(row)) {
    if (cell === write.id) continue;
    unseen.push(...ledger.unseen(cell, actor.user, rowsSeen));
    sticky ??= findStickyAbove(context, cell, rank);
    hasStuck ||= ledger.rankAt(cell, rowsSeen) > rank && isSticky(policy, cell, ledger.valueOf);
  }
  const editing = highest(others(activeEdits.inRow(row), actor.user), rank);
  if (editing !== null) return refused('authority_overridden', authorOf(editing));
  const higher = highest(unseen, rank);
  const keeper = hasStuck ? null : findKeeper(ledger.record(write.id)?.standing, unseen, rank);
  if (higher !== null) return refused('authority_overridden', authorOf(higher), keeper);
  if (sticky !== null) return refused('authority_overridden', authorOf(sticky));
  return { kind: 'accepted', overrides: [...overrides, ...unseen.filter(({ role }) => rankOf(role) < rank)] };
}

/**
 * [A29] Somebody had removed the row before, so refusing another removal is not enough: had the two come the other way round,
 * the write that came after that first removal would have met the second one, and brought the row back.
 */
function findKeeper(
  standing: PastWrite | undefined,
  unseen: readonly PastWrite[],
  rank: number,
): PastWrite | null {
  if (standing === undefined || standing.value !== true) return null;
  return highest(
    unseen.filter(({ seq }) => seq > standing.seq),
    rank,
  );
}

/** [A26] A value of a higher role that sticks, or null. */
function findStickyAbove({ policy, ledger }: DecisionContext, cell: CellId, rank: number): PastWrite | null {
  const standing = ledger.record(cell)?.standing;
  if (standing === undefined || standing.value === null || standing.imported) return null;
  return rankOf(standing.role) > rank && isSticky(policy, cell, ledger.valueOf) ? standing : null;
}

/**
 * [A28] What an accepted write does to the removal of its row, when its author had not seen that removal: with an equal
 * or higher role it brings the row back, else its author is told who removed it.
 */
export function decideReturn(
  context: DecisionContext,
  write: OfferedWrite,
): { readonly kind: 'returns' | 'stays_removed'; readonly removal: PastWrite } | null {
  const { policy, ledger, actor, rowsSeen, after } = context;
  if (policy.settings.conflict === 'last_write_wins' || write.cell.row === null) return null;
  const removedCell = rowCell(write.cell.root, write.cell.row, 'removed');
  const removal = ledger.record(removedCell)?.standing;
  if (removal === undefined || removal.value !== true || removal.user === actor.user) return null;
  if (removal.seq <= rowsSeen) return null;
  const mayReturn =
    rankOf(actor.role) >= rankOf(removal.role) &&
    forbids(policy, { role: actor.role, cell: removedCell, value: null }, ledger.valueOf, after) === null;
  return { kind: mayReturn ? 'returns' : 'stays_removed', removal };
}

const others = (edits: readonly ActiveEdit[], user: UserId): readonly ActiveEdit[] =>
  // In an order of their own: the live view and the log's record list them in different ones.
  edits
    .filter((edit) => edit.user !== user)
    .toSorted((a, b) => compareText(`${a.user} ${a.cell}`, `${b.user} ${b.cell}`));

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The one of the highest role above `rank`; among equals the first. */
function highest<Claim extends Author>(claims: readonly Claim[], rank: number): Claim | null {
  let found: Claim | null = null;
  for (const claim of claims) {
    if (rankOf(claim.role) > Math.max(rank, found === null ? 0 : rankOf(found.role))) found = claim;
  }
  return found;
}

const authorOf = ({ user, role }: Author): Author => ({ user, role });

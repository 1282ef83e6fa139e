import type { CellId, UserId } from '../lib/ids.ts';
import type { CellValue } from '../quote/cell.ts';
import { type Role, rankOf } from './role.ts';
import type { StructId } from './struct-id.ts';

/**
 * What the gate remembers of one cell. Of its writes it keeps, per role, the newest and the newest by another person: enough
 * to answer "did anyone else of that role write here after revision k?" for everybody, and bounded. Nothing here changes
 * in place.
 */
export interface CellRecord {
  /** The write that stands, a `null` included. */
  readonly standing: PastWrite;
  /** The last clock of the struct that carries it in the document: the author's own, or an alias of the server's. */
  readonly carrier: StructId;
  /** Structs that carried the same write before an alias replaced them, newest last. */
  readonly replaced: readonly ReplacedStruct[];
  /** Of each role the newest write and behind it the newest by anyone else. */
  readonly newest: readonly PastWrite[];
  /** Ranks that the value has had, each with the entry from which on, oldest first. */
  readonly ranks: readonly (readonly [seq: number, rank: number])[];
  /** Of these writes, by {@link nameOf}, those whose authors know that they were put aside. */
  readonly told: readonly string[];
}

export interface PastWrite {
  readonly cell: CellId;
  readonly seq: number;
  readonly user: UserId;
  readonly role: Role;
  readonly value: CellValue;
  /** Written when the quote was created or imported: does not stick. */
  readonly imported: boolean;
}

export interface ReplacedStruct extends StructId {
  /** People whose deletion of it was refused: it is undone, and the same deletion sent again means nothing. */
  readonly deletersRefused: readonly UserId[];
}

/** Replaced structs kept: how many refusals a deletion may cross on its way to us. */
const REPLACED_MAX = 16;
/** Changes of rank kept: a rank falls only where somebody empties the cell. */
const RANKS_MAX = 16;

/** The record after a write came to stand, carried by a struct. */
export function recordWrite(record: CellRecord | undefined, write: PastWrite, carrier: StructId): CellRecord {
  const newest = keepNewest(write, record?.newest ?? []);
  const names = new Set([write, ...newest].map(nameOf));
  return {
    standing: write,
    carrier,
    replaced: [],
    newest,
    ranks: keepRank(write, record?.ranks ?? []),
    told: record?.told.filter((name) => names.has(name)) ?? [],
  };
}

/** The record after the same write went on to stand in another struct. */
export const recordCarrier = (record: CellRecord, carrier: StructId): CellRecord => ({
  ...record,
  carrier,
  replaced: [...record.replaced, { ...record.carrier, deletersRefused: [] }].slice(-REPLACED_MAX),
});

/** The record after this person's deletion of what the cell showed was refused. */
export const recordRefusedDeletion = (record: CellRecord, user: UserId): CellRecord => ({
  ...record,
  replaced: record.replaced.map((struct) =>
    struct.deletersRefused.includes(user)
      ? struct
      : { ...struct, deletersRefused: [...struct.deletersRefused, user] },
  ),
});

/** The record after the author of `write` was told that it was put aside; null where they know. */
export function recordTold(record: CellRecord, write: PastWrite): CellRecord | null {
  const name = nameOf(write);
  return record.told.includes(name) ? null : { ...record, told: [...record.told, name] };
}

/** Writes of others after revision `k`: for each role the newest. */
export function unseenIn({ newest }: CellRecord, reader: UserId, k: number): PastWrite[] {
  const found: PastWrite[] = [];
  for (const write of newest) {
    const isFirst = found.every(({ role }) => role !== write.role);
    if (write.user !== reader && write.seq > k && isFirst) found.push(write);
  }
  return found;
}

export const rankIn = ({ ranks }: CellRecord, k: number): number =>
  ranks.findLast(([seq]) => seq <= k)?.[1] ?? 0;

/** Adds a write, and keeps of its role the two that matter: the newest of all, and the newest by anyone else. */
function keepNewest(write: PastWrite, kept: readonly PastWrite[]): readonly PastWrite[] {
  if (kept.length === 0) return [write];
  const others = kept.filter(({ role }) => role !== write.role);
  const same = kept.filter(({ role }) => role === write.role);
  const inOrder = [write, ...same].toSorted((a, b) => b.seq - a.seq);
  const newest = inOrder[0] ?? write;
  const other = inOrder.find(({ user }) => user !== newest.user);
  return other === undefined ? [...others, newest] : [...others, newest, other];
}

function keepRank(
  { seq, role, value, imported }: PastWrite,
  ranks: CellRecord['ranks'],
): CellRecord['ranks'] {
  const rank = value === null || imported ? 0 : rankOf(role);
  return ranks.at(-1)?.[1] === rank ? ranks : [...ranks, [seq, rank] as const].slice(-RANKS_MAX);
}

/** Names one write of a cell: nobody writes a cell twice in one entry. */
const nameOf = ({ seq, user }: PastWrite): string => `${seq} ${user}`;

/** A record as plain JSON, without what every cell would say again. */
export type CellMemory = Omit<CellRecord, 'standing' | 'newest'> & {
  readonly cell: CellId;
  readonly standing: WriteMemory;
  readonly newest: readonly WriteMemory[];
};

type WriteMemory = readonly [seq: number, user: UserId, role: Role, value: CellValue, imported: boolean];

export const rememberCell = (cell: CellId, record: CellRecord): CellMemory => ({
  ...record,
  cell,
  standing: rememberWrite(record.standing),
  newest: record.newest.map(rememberWrite),
});

export function recallCell({ cell, standing, newest, ...rest }: CellMemory): CellRecord {
  const recall = (write: WriteMemory): PastWrite => recallWrite(cell, write);
  return { ...rest, standing: recall(standing), newest: newest.map(recall) };
}

const rememberWrite = ({ seq, user, role, value, imported }: PastWrite): WriteMemory => [
  seq,
  user,
  role,
  value,
  imported,
];

const recallWrite = (cell: CellId, [seq, user, role, value, imported]: WriteMemory): PastWrite => ({
  cell,
  seq,
  user,
  role,
  value,
  imported,
});

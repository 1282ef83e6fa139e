import type { CellId, UserId } from '../lib/ids.ts';
import { type CellValue, parseCellId, rowOf } from '../quote/cell.ts';
import { type Role, rankOf } from './role.ts';
import { type StructIndex, type StructMemory, createStructIndex } from './struct-index.ts';

/**
 * What the gate remembers beside the document: who wrote what stands in each cell, the newest writes per cell and role, which
 * client id belongs to whom, and which entry brought which structs. It changes only by what the gate notes after a
 * decision, in order, so that the same log always leads to the same ledger.
 *
 * Of the writes to a cell it keeps, per role, the newest and the newest by another person: enough to answer "did
 * anyone else of that role write here after revision k?" for everybody.
 */
export interface PastWrite {
  readonly cell: CellId;
  readonly seq: number;
  readonly user: UserId;
  readonly role: Role;
  readonly value: CellValue;
  /** Written when the quote was created or imported: does not stick. */
  readonly imported: boolean;
}

/** A Yjs struct by its last clock: structs that are deleted grow together with those before them. */
export interface StructId {
  readonly client: number;
  readonly clock: number;
}

export interface CellRecord {
  /** The write that stands, a `null` included. */
  readonly standing: PastWrite;
  /** The struct that carries it in the document: the author's own, or an alias of the server's. */
  readonly carrier: StructId;
  /** Structs that carried the same write before an alias replaced them, newest last. */
  readonly replaced: readonly ReplacedStruct[];
}

export interface ReplacedStruct extends StructId {
  /** People whose deletion of it was refused: it is undone, and the same deletion sent again means nothing. */
  readonly deletersRefused: readonly UserId[];
}

export interface Ledger {
  readonly structs: StructIndex;
  ownerOf(client: number): UserId | null;
  bind(client: number, user: UserId): void;
  /** How many client ids belong to a user. */
  clientCount(user: UserId): number;
  /** Everyone who ever wrote. */
  owners(): UserId[];

  record(cell: CellId): CellRecord | null;
  valueOf(cell: CellId): CellValue;
  /** Writes of other people to the cell after revision `k`: for each role the newest. */
  unseen(cell: CellId, reader: UserId, k: number): PastWrite[];
  /** Rank of the author of what the cell held at revision `k`; 0 for an empty or an imported value. */
  rankAt(cell: CellId, k: number): number;
  /** Cells of a row, `lineItems/l1`, that anyone ever wrote. */
  cellsOf(row: string): Iterable<CellId>;
  hasRow(row: string): boolean;
  /** Rows of a root ever written, removed ones counted. */
  rowCount(root: string): number;

  /** Bytes that a user's refused structs take, or everyone's: roughly, and for good. */
  refusedBytes(user?: UserId): number;

  /** A write stands now, carried by a struct. */
  stand(write: PastWrite, carrier: StructId): void;
  /** The same write goes on to stand, in another struct. */
  carry(cell: CellId, carrier: StructId): void;
  /** This person's deletion of what the cell showed was refused: their replica may send it again. */
  refuseDeletion(cell: CellId, user: UserId): void;
  /** Notes a row that has text but no cells. */
  noteRow(row: string): void;
  noteRefusedBytes(user: UserId, bytes: number): void;
  /** True the first time that someone is to be told that `write` was put aside, false from then on. */
  tell(write: PastWrite): boolean;

  remember(): LedgerMemory;
}

export interface LedgerMemory {
  readonly bindings: readonly (readonly [client: number, user: UserId])[];
  readonly structs: readonly StructMemory[];
  readonly cells: readonly CellMemory[];
  readonly rows: readonly string[];
  readonly refusedBytes: readonly (readonly [user: UserId, bytes: number])[];
}

type WriteMemory = readonly [seq: number, user: UserId, role: Role, value: CellValue, imported: boolean];

interface CellMemory {
  readonly cell: CellId;
  readonly standing: WriteMemory;
  readonly ranks: Ranks;
  readonly carrier: StructId;
  readonly replaced: readonly ReplacedStruct[];
  readonly newest: readonly WriteMemory[];
  readonly told: readonly string[];
}

/** Ranks that the cell's value has had, each with the entry from which on, oldest first. */
type Ranks = readonly (readonly [seq: number, rank: number])[];

interface MutableCell {
  readonly standing: PastWrite;
  readonly ranks: Ranks;
  carrier: StructId;
  replaced: readonly ReplacedStruct[];
  /** Of each role the newest write and behind it the newest by anyone else. */
  readonly newest: readonly PastWrite[];
  /** Of these writes, by {@link nameOf}, those whose authors know that they were put aside. */
  told: readonly string[];
}

/** Replaced structs kept per cell: how many refusals a deletion may cross on its way to us. */
const REPLACED_MAX = 16;
/** Changes of rank kept per cell: a rank falls only where somebody empties the cell. */
const RANKS_KEPT_MAX = 16;

export function createLedger(memory?: LedgerMemory): Ledger {
  const structs = createStructIndex(memory?.structs);
  const bindings = new Map(memory?.bindings);
  const clientCounts = new Map<UserId, number>();
  for (const user of bindings.values()) addTo(clientCounts, user, 1);
  const refusedBytes = new Map(memory?.refusedBytes);
  const cells = new Map<CellId, MutableCell>();
  const cellsByRow = new Map<string, Set<CellId>>();
  const rowCounts = new Map<string, number>();

  function noteRow(row: string): Set<CellId> {
    let rowCells = cellsByRow.get(row);
    if (rowCells === undefined) {
      rowCells = new Set();
      cellsByRow.set(row, rowCells);
      const root = row.slice(0, row.indexOf('/'));
      addTo(rowCounts, root, 1);
    }
    return rowCells;
  }

  function noteCell(id: CellId): void {
    const cell = parseCellId(id);
    const row = cell === null ? null : rowOf(cell);
    if (row !== null) noteRow(row).add(id);
  }

  for (const cell of memory?.cells ?? []) {
    cells.set(cell.cell, recallCell(cell));
    noteCell(cell.cell);
  }
  for (const row of memory?.rows ?? []) noteRow(row);

  return {
    structs,
    ownerOf: (client) => bindings.get(client) ?? null,
    bind(client, user) {
      if (bindings.has(client)) return;
      bindings.set(client, user);
      addTo(clientCounts, user, 1);
    },
    clientCount: (user) => clientCounts.get(user) ?? 0,
    owners: () => [...new Set(bindings.values())],

    record: (cell) => cells.get(cell) ?? null,
    valueOf: (cell) => cells.get(cell)?.standing.value ?? null,
    unseen(cell, reader, k) {
      const found: PastWrite[] = [];
      for (const write of cells.get(cell)?.newest ?? []) {
        const isNewest = found.every(({ role }) => role !== write.role);
        if (write.user !== reader && write.seq > k && isNewest) found.push(write);
      }
      return found;
    },
    rankAt: (cell, k) => cells.get(cell)?.ranks.findLast(([seq]) => seq <= k)?.[1] ?? 0,
    cellsOf: (row) => cellsByRow.get(row) ?? [],
    hasRow: (row) => cellsByRow.has(row),
    rowCount: (root) => rowCounts.get(root) ?? 0,
    refusedBytes: (user) =>
      user === undefined
        ? [...refusedBytes.values()].reduce((sum, bytes) => sum + bytes, 0)
        : (refusedBytes.get(user) ?? 0),

    stand(write, carrier) {
      const cell = cells.get(write.cell);
      if (cell === undefined) {
        const ranks = noteRank(write, []);
        cells.set(write.cell, { standing: write, ranks, carrier, replaced: [], newest: [write], told: [] });
        noteCell(write.cell);
        return;
      }
      const newest = keepNewest(write, cell.newest);
      const names = new Set([write, ...newest].map(nameOf));
      const told = cell.told.filter((name) => names.has(name));
      const ranks = noteRank(write, cell.ranks);
      cells.set(write.cell, { standing: write, ranks, carrier, replaced: [], newest, told });
    },
    carry(id, carrier) {
      const cell = cells.get(id);
      if (cell === undefined) return;
      const replaced = { ...cell.carrier, deletersRefused: [] };
      cell.replaced = [...cell.replaced, replaced].slice(-REPLACED_MAX);
      cell.carrier = carrier;
    },
    refuseDeletion(id, user) {
      const cell = cells.get(id);
      if (cell !== undefined) cell.replaced = cell.replaced.map((struct) => refuseDeleter(struct, user));
    },
    noteRow: (row) => void noteRow(row),
    noteRefusedBytes: (user, bytes) => addTo(refusedBytes, user, bytes),
    tell(write) {
      const cell = cells.get(write.cell);
      const name = nameOf(write);
      if (cell === undefined || cell.told.includes(name)) return false;
      cell.told = [...cell.told, name];
      return true;
    },

    remember: () => ({
      bindings: [...bindings],
      structs: structs.remember(),
      cells: [...cells].map(([id, cell]) => rememberCell(id, cell)),
      rows: [...cellsByRow].filter(([, rowCells]) => rowCells.size === 0).map(([row]) => row),
      refusedBytes: [...refusedBytes],
    }),
  };
}

/** Adds a write, and keeps of its role the two that matter: the newest of all, and the newest by anyone else. */
function keepNewest(write: PastWrite, kept: readonly PastWrite[]): PastWrite[] {
  const others = kept.filter(({ role }) => role !== write.role);
  const inOrder = [write, ...kept.filter(({ role }) => role === write.role)].toSorted(
    (a, b) => b.seq - a.seq,
  );
  const newest = inOrder[0] ?? write;
  const other = inOrder.find(({ user }) => user !== newest.user);
  return other === undefined ? [...others, newest] : [...others, newest, other];
}

function noteRank({ seq, role, value, imported }: PastWrite, ranks: Ranks): Ranks {
  const rank = value === null || imported ? 0 : rankOf(role);
  return ranks.at(-1)?.[1] === rank ? ranks : [...ranks, [seq, rank] as const].slice(-RANKS_KEPT_MAX);
}

/** Names one write of a cell: nobody writes a cell twice in one entry. */
const nameOf = ({ seq, user }: PastWrite): string => `${seq} ${user}`;

const refuseDeleter = (struct: ReplacedStruct, user: UserId): ReplacedStruct =>
  struct.deletersRefused.includes(user)
    ? struct
    : { ...struct, deletersRefused: [...struct.deletersRefused, user] };

function addTo<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

const rememberWrite = ({ seq, user, role, value, imported }: PastWrite): WriteMemory => [
  seq,
  user,
  role,
  value,
  imported,
];

const rememberCell = (
  cell: CellId,
  { standing, ranks, newest, carrier, replaced, told }: MutableCell,
): CellMemory => ({
  cell,
  standing: rememberWrite(standing),
  ranks,
  carrier,
  replaced,
  newest: newest.map(rememberWrite),
  told,
});

function recallCell({ cell, standing, ranks, newest, carrier, replaced, told }: CellMemory): MutableCell {
  const recallWrite = ([seq, user, role, value, imported]: WriteMemory): PastWrite => ({
    cell,
    seq,
    user,
    role,
    value,
    imported,
  });
  return {
    standing: recallWrite(standing),
    ranks,
    carrier,
    replaced,
    newest: newest.map(recallWrite),
    told,
  };
}

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

/** A Yjs struct by its first clock. */
export interface StructId {
  readonly client: number;
  readonly clock: number;
}

export interface CellRecord {
  /** The write that stands, a `null` included. */
  readonly standing: PastWrite;
  /** The struct that carries it in the document: the author's own, or an alias of the server's. */
  readonly carrier: StructId | null;
  /** Structs that carried the same write before an alias replaced them, newest last. */
  readonly replaced: readonly StructId[];
  /** People whose deletion of what stands was refused: it is undone, and the same deletion sent again means nothing. */
  readonly deletersRefused: readonly UserId[];
}

export interface Ledger {
  readonly structs: StructIndex;
  ownerOf(client: number): UserId | null;
  bind(client: number, user: UserId): void;
  /** Everyone who ever wrote. */
  owners(): UserId[];

  record(cell: CellId): CellRecord | null;
  valueOf(cell: CellId): CellValue;
  /** Writes of other people to the cell after revision `k`: for each role the newest. */
  unseen(cell: CellId, reader: UserId, k: number): PastWrite[];
  /** Cells of a row, `lineItems/l1`, that anyone ever wrote. */
  cellsOf(row: string): Iterable<CellId>;
  hasRow(row: string): boolean;
  /** Rows of a root ever written, removed ones counted. */
  rowCount(root: string): number;

  /** A write stands now, carried by a struct. */
  stand(write: PastWrite, carrier: StructId | null): void;
  /** The same write goes on to stand, in another struct. */
  carry(cell: CellId, carrier: StructId): void;
  /** This person's deletion of what stands was refused: their replica may send it again. */
  refuseDeletion(cell: CellId, user: UserId): void;
  /** Notes a row that has text but no cells. */
  noteRow(row: string): void;
  /** False the first time that someone is to be told that `write` was put aside, true from then on. */
  wasTold(write: PastWrite): boolean;
  tell(write: PastWrite): void;

  remember(): LedgerMemory;
}

export interface LedgerMemory {
  readonly bindings: readonly (readonly [client: number, user: UserId])[];
  readonly structs: readonly StructMemory[];
  readonly cells: readonly CellMemory[];
  readonly rows: readonly string[];
}

type WriteMemory = readonly [
  seq: number,
  user: UserId,
  role: Role,
  value: CellValue,
  imported: boolean,
  told: boolean,
];

interface CellMemory {
  readonly cell: CellId;
  readonly standing: WriteMemory;
  readonly carrier: StructId | null;
  readonly replaced: readonly StructId[];
  readonly deletersRefused: readonly UserId[];
  /** By rank from 1; newest first, then the newest by another person. */
  readonly newest: readonly (readonly WriteMemory[])[];
}

interface MutableCell {
  standing: PastWrite;
  carrier: StructId | null;
  replaced: StructId[];
  deletersRefused: UserId[];
  /** Index is rank - 1. Each list: the newest write, then the newest by anyone else. */
  newest: PastWrite[][];
}

const RANKS = 5;
/** Replaced structs kept per cell: how many refusals a deletion may cross on its way to us. */
const REPLACED_MAX = 16;

export function createLedger(memory?: LedgerMemory): Ledger {
  const structs = createStructIndex(memory?.structs);
  const bindings = new Map(memory?.bindings ?? []);
  const cells = new Map<CellId, MutableCell>();
  const cellsByRow = new Map<string, Set<CellId>>();
  const rowCounts = new Map<string, number>();
  const told = new WeakSet<PastWrite>();

  function noteRow(row: string): Set<CellId> {
    let rowCells = cellsByRow.get(row);
    if (rowCells === undefined) {
      rowCells = new Set();
      cellsByRow.set(row, rowCells);
      const root = row.slice(0, row.indexOf('/'));
      rowCounts.set(root, (rowCounts.get(root) ?? 0) + 1);
    }
    return rowCells;
  }

  function noteCell(id: CellId): void {
    const cell = parseCellId(id);
    const row = cell === null ? null : rowOf(cell);
    if (row !== null) noteRow(row).add(id);
  }

  for (const cell of memory?.cells ?? []) {
    cells.set(cell.cell, recallCell(cell, told));
    noteCell(cell.cell);
  }
  for (const row of memory?.rows ?? []) noteRow(row);

  return {
    structs,
    ownerOf: (client) => bindings.get(client) ?? null,
    bind: (client, user) => void bindings.set(client, user),
    owners: () => [...new Set(bindings.values())],

    record: (cell) => cells.get(cell) ?? null,
    valueOf: (cell) => cells.get(cell)?.standing.value ?? null,
    unseen(cell, reader, k) {
      const found: PastWrite[] = [];
      for (const newest of cells.get(cell)?.newest ?? []) {
        const write = newest.find(({ user }) => user !== reader);
        if (write !== undefined && write.seq > k) found.push(write);
      }
      return found;
    },
    cellsOf: (row) => cellsByRow.get(row) ?? [],
    hasRow: (row) => cellsByRow.has(row),
    rowCount: (root) => rowCounts.get(root) ?? 0,

    stand(write, carrier) {
      const cell = cells.get(write.cell);
      if (cell === undefined) {
        const newest: PastWrite[][] = Array.from({ length: RANKS }, () => []);
        newest[rankOf(write.role) - 1] = [write];
        cells.set(write.cell, { standing: write, carrier, replaced: [], deletersRefused: [], newest });
        noteCell(write.cell);
        return;
      }
      cell.standing = write;
      cell.carrier = carrier;
      cell.replaced = [];
      cell.deletersRefused = [];
      const rank = rankOf(write.role) - 1;
      cell.newest[rank] = keepNewest(write, cell.newest[rank] ?? []);
    },
    carry(id, carrier) {
      const cell = cells.get(id);
      if (cell === undefined) return;
      if (cell.carrier !== null) cell.replaced = [...cell.replaced, cell.carrier].slice(-REPLACED_MAX);
      cell.carrier = carrier;
    },
    refuseDeletion(id, user) {
      const cell = cells.get(id);
      if (cell !== undefined && !cell.deletersRefused.includes(user)) cell.deletersRefused.push(user);
    },
    noteRow: (row) => void noteRow(row),
    wasTold: (write) => told.has(write),
    tell: (write) => void told.add(write),

    remember: () => ({
      bindings: [...bindings],
      structs: structs.remember(),
      cells: [...cells].map(([id, cell]) => rememberCell(id, cell, told)),
      rows: [...cellsByRow].filter(([, rowCells]) => rowCells.size === 0).map(([row]) => row),
    }),
  };
}

/** The two that matter of one role's writes: the newest of all, and the newest by anyone else. */
function keepNewest(write: PastWrite, kept: readonly PastWrite[]): PastWrite[] {
  const inOrder = [write, ...kept].toSorted((a, b) => b.seq - a.seq);
  const newest = inOrder[0] ?? write;
  const other = inOrder.find(({ user }) => user !== newest.user);
  return other === undefined ? [newest] : [newest, other];
}

function rememberCell(id: CellId, cell: MutableCell, told: WeakSet<PastWrite>): CellMemory {
  const rememberWrite = (write: PastWrite): WriteMemory => [
    write.seq,
    write.user,
    write.role,
    write.value,
    write.imported,
    told.has(write),
  ];
  return {
    cell: id,
    standing: rememberWrite(cell.standing),
    carrier: cell.carrier,
    replaced: cell.replaced,
    deletersRefused: cell.deletersRefused,
    newest: cell.newest.map((writes) => writes.map(rememberWrite)),
  };
}

function recallCell(memory: CellMemory, told: WeakSet<PastWrite>): MutableCell {
  const recallWrite = ([seq, user, role, value, imported, wasTold]: WriteMemory): PastWrite => {
    const write = { cell: memory.cell, seq, user, role, value, imported };
    if (wasTold) told.add(write);
    return write;
  };
  return {
    standing: recallWrite(memory.standing),
    carrier: memory.carrier,
    replaced: [...memory.replaced],
    deletersRefused: [...memory.deletersRefused],
    newest: memory.newest.map((writes) => writes.map(recallWrite)),
  };
}

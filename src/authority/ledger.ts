import { present } from '../lib/assert.ts';
import type { CellId, UserId } from '../lib/ids.ts';
import { type CellValue, parseCellId, rowOf } from '../quote/cell.ts';
import {
  type CellMemory,
  type CellRecord,
  type PastWrite,
  rankIn,
  recallCell,
  recordCarrier,
  recordRefusedDeletion,
  recordTold,
  recordWrite,
  rememberCell,
  unseenIn,
} from './cell-record.ts';
import {
  type ConflictMemory,
  type HeldConflict,
  type OpenConflict,
  type ParkedWrite,
  createOpenConflicts,
} from './conflicts.ts';
import type { StructId } from './struct-id.ts';
import { type StructIndex, type StructMemory, createStructIndex } from './struct-index.ts';

/**
 * What the gate remembers beside the document: who wrote what stands in each cell, the newest writes per cell and role, which
 * client id belongs to whom, which entry brought which structs, and which conflicts wait for a choice. It changes only by
 * what the gate notes after a decision, in order, so that the same log always leads to the same ledger.
 */
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

  /** Conflicts that wait for a choice, by `n`. */
  conflicts(): readonly HeldConflict[];
  conflictOn(cell: CellId): HeldConflict | null;
  /** How many there are. */
  conflictCount(): number;
  /** The `n` of the newest conflict, settled or not; 0 where there was none. */
  lastConflict(): number;

  /** Bytes that a user's refused structs take: roughly, and for good. */
  refusedBytes(user: UserId): number;
  /** The same of everyone. */
  refusedBytesOfAll(): number;
  /** Steps that it took to merge what a user sent, over the quote's life: about as many as each loading takes. */
  mergeSteps(user: UserId): number;

  /** A write stands now, carried by a struct. */
  stand(write: PastWrite, carrier: StructId): void;
  /** The same write goes on to stand, in another struct. */
  carry(cell: CellId, carrier: StructId): void;
  /** This person's deletion of what the cell showed was refused: their replica may send it again. */
  refuseDeletion(cell: CellId, user: UserId): void;
  /** Notes a row that has text but no cells. */
  noteRow(row: string): void;
  noteRefusedBytes(user: UserId, bytes: number): void;
  noteMergeSteps(user: UserId, steps: number): void;
  /** Notes that the author of `write` is told that it was put aside. False where they were before. */
  noteTold(write: PastWrite): boolean;

  /** Parks a held write; see {@link OpenConflicts}. False where there is no room for another conflict. */
  park(cell: CellId, write: ParkedWrite): boolean;
  endConflict(cell: CellId): void;

  remember(): LedgerMemory;
}

export interface LedgerMemory {
  readonly bindings: readonly (readonly [client: number, user: UserId])[];
  readonly structs: readonly StructMemory[];
  readonly cells: readonly CellMemory[];
  readonly rows: readonly string[];
  readonly refusedBytes: readonly (readonly [user: UserId, bytes: number])[];
  readonly mergeSteps: readonly (readonly [user: UserId, steps: number])[];
  /** Left out while there was never one. */
  readonly conflicts?: ConflictMemory;
}

export function createLedger(memory?: LedgerMemory): Ledger {
  const structs = createStructIndex(memory?.structs);
  const bindings = new Map(memory?.bindings);
  const clientCounts = new Map<UserId, number>();
  for (const user of bindings.values()) addTo(clientCounts, user, 1);
  const refusedBytes = new Map(memory?.refusedBytes);
  let refusedBytesOfAll = 0;
  for (const bytes of refusedBytes.values()) refusedBytesOfAll += bytes;
  const mergeSteps = new Map(memory?.mergeSteps);
  const held = createOpenConflicts(memory?.conflicts);
  const cells = new Map<CellId, CellRecord>();
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

  function update(cell: CellId, change: (record: CellRecord) => CellRecord): void {
    const record = cells.get(cell);
    if (record !== undefined) cells.set(cell, change(record));
  }

  function withKept(conflict: OpenConflict): HeldConflict {
    const kept = present(cells.get(conflict.cell), 'a cell in conflict was written').standing;
    return { ...conflict, kept };
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
      const record = cells.get(cell);
      return record === undefined ? [] : unseenIn(record, reader, k);
    },
    rankAt(cell, k) {
      const record = cells.get(cell);
      return record === undefined ? 0 : rankIn(record, k);
    },
    cellsOf: (row) => cellsByRow.get(row) ?? [],
    hasRow: (row) => cellsByRow.has(row),
    rowCount: (root) => rowCounts.get(root) ?? 0,
    conflictCount: () => held.count,
    lastConflict: () => held.last,
    conflicts: () => [...held.all()].map(withKept),
    conflictOn(cell) {
      const conflict = held.on(cell);
      return conflict === null ? null : withKept(conflict);
    },
    refusedBytes: (user) => refusedBytes.get(user) ?? 0,
    refusedBytesOfAll: () => refusedBytesOfAll,
    mergeSteps: (user) => mergeSteps.get(user) ?? 0,

    stand(write, carrier) {
      const record = cells.get(write.cell);
      if (record === undefined) noteCell(write.cell);
      cells.set(write.cell, recordWrite(record, write, carrier));
    },
    carry: (cell, carrier) => update(cell, (record) => recordCarrier(record, carrier)),
    refuseDeletion: (cell, user) => update(cell, (record) => recordRefusedDeletion(record, user)),
    noteRow: (row) => void noteRow(row),
    noteRefusedBytes(user, bytes) {
      addTo(refusedBytes, user, bytes);
      refusedBytesOfAll += bytes;
    },
    noteMergeSteps: (user, steps) => addTo(mergeSteps, user, steps),
    noteTold(write) {
      const record = cells.get(write.cell);
      const told = record === undefined ? null : recordTold(record, write);
      if (told !== null) cells.set(write.cell, told);
      return told !== null;
    },

    park: held.park,
    endConflict: held.end,

    remember() {
      const conflicts = held.remember();
      return {
        bindings: [...bindings],
        structs: structs.remember(),
        cells: [...cells].map(([cell, record]) => rememberCell(cell, record)),
        rows: [...cellsByRow].filter(([, rowCells]) => rowCells.size === 0).map(([row]) => row),
        refusedBytes: [...refusedBytes],
        mergeSteps: [...mergeSteps],
        ...(conflicts === null ? {} : { conflicts }),
      };
    },
  };
}

function addTo<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

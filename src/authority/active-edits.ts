import type { CellId, UserId } from '../lib/ids.ts';
import { parseCellId, rowOf } from '../quote/cell.ts';
import type { ActiveEdit, Author } from './verdict.ts';

/** The cells that people have under their hands, as the gate asks about them. */
export interface ActiveEditView {
  on(cell: CellId): readonly ActiveEdit[];
  inRow(row: string): readonly ActiveEdit[];
}

/**
 * Active edits of one quote. An edit opens when someone's presence says so or when they write, and ends when
 * their presence leaves the cell or `leaseMs` after the last sign of it. A presence that has named a cell governs: while
 * it does, no other cell of that connection is under edit. Stateful, but without a clock: time comes in, in ms.
 */
export interface ActiveEdits {
  /** A changed presence: the cell that the person on this connection says to be editing, or null for none. */
  present(connection: string, author: Author, cell: CellId | null, at: number): void;
  /** A write that came over this connection and was not refused. */
  wrote(connection: string, author: Author, cell: CellId, at: number): void;
  /** The connection's presence is gone. Edits that rest on writes alone run out by themselves. */
  left(connection: string): void;
  /** What is under edit at a time. */
  at(time: number): ActiveEditView;
}

interface Edit extends ActiveEdit {
  readonly connection: string;
  readonly row: string | null;
  until: number;
}

/** Cells that one connection can hold by writing, so that a paste of thousands does not. The oldest give way. */
const EDITS_PER_CONNECTION_MAX = 64;

export function createActiveEdits(leaseMs: number): ActiveEdits {
  const byConnection = new Map<string, Map<CellId, Edit>>();
  const governed = new Map<string, CellId | null>();
  const byCell = new Map<CellId, Set<Edit>>();
  const byRow = new Map<string, Set<Edit>>();

  function end(edit: Edit): void {
    byConnection.get(edit.connection)?.delete(edit.cell);
    if (byConnection.get(edit.connection)?.size === 0) byConnection.delete(edit.connection);
    dropFrom(byCell, edit.cell, edit);
    if (edit.row !== null) dropFrom(byRow, edit.row, edit);
  }

  function endAll(connection: string): void {
    for (const edit of byConnection.get(connection)?.values() ?? []) end(edit);
  }

  function open(connection: string, author: Author, cell: CellId, at: number): void {
    if (leaseMs === 0) return;
    const edits = byConnection.get(connection) ?? new Map<CellId, Edit>();
    byConnection.set(connection, edits);
    const former = edits.get(cell);
    if (former !== undefined) end(former);
    const oldest = edits.values().next().value;
    if (edits.size >= EDITS_PER_CONNECTION_MAX && oldest !== undefined) end(oldest);
    byConnection.set(connection, edits);

    const parsed = parseCellId(cell);
    const row = parsed === null ? null : rowOf(parsed);
    const edit = { connection, user: author.user, role: author.role, cell, row, until: at + leaseMs };
    edits.set(cell, edit);
    addTo(byCell, cell, edit);
    if (row !== null) addTo(byRow, row, edit);
  }

  const living = (edits: ReadonlySet<Edit> | undefined, time: number): readonly ActiveEdit[] => {
    if (edits === undefined) return [];
    for (const edit of edits) if (edit.until <= time) end(edit);
    return [...edits].map(({ user, role, cell }) => ({ user, role, cell }));
  };

  return {
    present(connection, author, cell, at) {
      const hasGoverned = governed.has(connection);
      if (cell === null && !hasGoverned) return;
      governed.set(connection, cell);
      for (const edit of byConnection.get(connection)?.values() ?? []) {
        if (edit.cell !== cell) end(edit);
      }
      if (cell !== null) open(connection, author, cell, at);
    },
    wrote(connection, author, cell, at) {
      if (governed.has(connection) && governed.get(connection) !== cell) return;
      open(connection, author, cell, at);
    },
    left(connection) {
      if (governed.has(connection)) endAll(connection);
      governed.delete(connection);
    },
    at: (time) => ({
      on: (cell) => living(byCell.get(cell), time),
      inRow: (row) => living(byRow.get(row), time),
    }),
  };
}

/** A view of a fixed list: what an entry recorded, for deciding it again. */
export function viewOf(edits: readonly ActiveEdit[]): ActiveEditView {
  return {
    on: (cell) => edits.filter((edit) => edit.cell === cell),
    inRow: (row) => edits.filter((edit) => edit.cell.startsWith(`${row}/`)),
  };
}

/** Passes questions about active edits on, and keeps those of others that it was given. */
export function recordViewed(
  view: ActiveEditView,
  user: UserId,
): ActiveEditView & { viewed(): ActiveEdit[] } {
  const seen = new Map<string, ActiveEdit>();
  const keep = (edits: readonly ActiveEdit[]): readonly ActiveEdit[] => {
    for (const edit of edits)
      if (edit.user !== user) seen.set(`${edit.user} ${edit.role} ${edit.cell}`, edit);
    return edits;
  };
  return {
    on: (cell) => keep(view.on(cell)),
    inRow: (row) => keep(view.inRow(row)),
    viewed: () => [...seen.values()],
  };
}

/** Nobody is editing anything. */
export const noActiveEdits: ActiveEditView = { on: () => [], inRow: () => [] };

function addTo<Key>(index: Map<Key, Set<Edit>>, key: Key, edit: Edit): void {
  const edits = index.get(key);
  if (edits === undefined) index.set(key, new Set([edit]));
  else edits.add(edit);
}

function dropFrom<Key>(index: Map<Key, Set<Edit>>, key: Key, edit: Edit): void {
  const edits = index.get(key);
  edits?.delete(edit);
  if (edits?.size === 0) index.delete(key);
}

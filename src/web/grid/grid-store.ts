import { rowCell } from '../../quote/cell.ts';
import type { Draft } from '../cell/cell-draft.ts';
import { createListeners } from '../room/listeners.ts';
import type { LineSheet } from './line-sheet.ts';
import {
  type GridAxes,
  type GridPoint,
  type GridSelection,
  NEW_ROW,
  rangeOf,
  selectCell,
  selectionWithin,
} from './selection.ts';

/**
 * Where the cursor is and what is being typed, outside React: a key press renders the cells that it touches and no other.
 * Lines come from the sheet, columns from whoever lays them out; the selection is kept within both.
 */
export interface GridStore {
  axes(): GridAxes;
  setColumns(columns: readonly string[]): void;
  /** Null as long as nobody was in the grid, or while it has no columns. */
  selection(): GridSelection | null;
  /** Also where it is the same as before: then the cursor is to be brought into sight. */
  select(selection: GridSelection): void;
  markOf(row: string, column: string): CellMark;
  /** What is being typed, at the cursor. */
  draft(): Draft | null;
  /** Null closes it. */
  setDraft(draft: Draft | null): void;
  /** What was typed and could not be taken, in cells that the cursor has left. */
  keptDraft(cell: string): Draft | null;
  keepDraft(cell: string, draft: Draft | null): void;
  /** A sentence at the cursor's cell, until it moves on: why nothing happened. */
  told(): string | null;
  tell(message: string | null): void;
  /**
   * `selection` is any change of it, also by lines that came and went; `cursor`: somebody here put it where it is. What
   * others do must not scroll the page under a reader.
   */
  observe(
    what: 'selection' | 'cursor' | 'draft' | 'told' | `kept ${string}`,
    listener: () => void,
  ): () => void;
  /** Follows the sheet until the returned function is called. */
  start(): () => void;
}

/** `cursor` is where keys go; `selected` is a cell of a larger selection. */
export type CellMark = 'none' | 'selected' | 'cursor';

/** The cell under a point; null in the row that adds a line. */
export const cellAt = ({ row, column }: GridPoint): string | null =>
  row === NEW_ROW ? null : rowCell('lineItems', row, column);

export function createGridStore(sheet: LineSheet): GridStore {
  const listeners = createListeners<string>();
  const kept = new Map<string, Draft>();
  let axes: GridAxes = { rows: [...sheet.lineIds(), NEW_ROW], columns: [] };
  let selection: GridSelection | null = null;
  let selected: { readonly rows: ReadonlySet<string>; readonly columns: ReadonlySet<string> } = noCells;
  let draft: Draft | null = null;
  let told: string | null = null;

  function lay(next: GridAxes): void {
    const before = axes;
    axes = next;
    if (selection !== null && next.columns.length > 0) become(selectionWithin(selection, next, before));
  }

  function become(next: GridSelection): void {
    const hasMoved = selection?.head.row !== next.head.row || selection.head.column !== next.head.column;
    selection = next;
    const range = rangeOf(next, axes);
    selected = { rows: new Set(range.rows), columns: new Set(range.columns) };
    if (hasMoved) {
      setDraft(null);
      tell(null);
    }
    listeners.call('selection');
  }

  function setDraft(next: Draft | null): void {
    if (draft === next) return;
    draft = next;
    listeners.call('draft');
  }

  function tell(message: string | null): void {
    if (told === message) return;
    told = message;
    listeners.call('told');
  }

  const renew = (): void => lay({ ...axes, rows: [...sheet.lineIds(), NEW_ROW] });

  return {
    axes: () => axes,
    setColumns(columns) {
      lay({ ...axes, columns });
    },
    selection: () => selection,
    select(next) {
      become(next);
      listeners.call('cursor');
    },
    markOf(row, column) {
      if (selection === null) return 'none';
      if (selection.head.row === row && selection.head.column === column) return 'cursor';
      return selected.rows.has(row) && selected.columns.has(column) ? 'selected' : 'none';
    },
    draft: () => draft,
    setDraft,
    keptDraft: (cell) => kept.get(cell) ?? null,
    keepDraft(cell, typed) {
      if (typed === null) kept.delete(cell);
      else kept.set(cell, typed);
      listeners.call(`kept ${cell}`);
    },
    told: () => told,
    tell,
    observe: listeners.add,
    start() {
      renew();
      return sheet.observe('rows', renew);
    },
  };
}

const noCells = { rows: new Set<string>(), columns: new Set<string>() };

/** Where the cursor goes when the grid is entered for the first time. */
export function firstSelection({ rows, columns }: GridAxes): GridSelection | null {
  const [row] = rows;
  const column = columns.includes('name') && row === NEW_ROW ? 'name' : columns[0];
  return row === undefined || column === undefined ? null : selectCell({ row, column });
}

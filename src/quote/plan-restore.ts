import { unreachable } from '../lib/assert.ts';
import type { CellId } from '../lib/ids.ts';
import {
  type Cell,
  type CellValue,
  type Root,
  type RowRoot,
  cellIdOf,
  parseCellId,
  rowCell,
} from './cell.ts';
import { STATUSES, columns } from './columns.ts';
import { isOnQuote } from './on-quote.ts';
import type { NoteRow, Row, Snapshot } from './snapshot.ts';

/**
 * What to write so that a quote, or a part of it, is again as it was: new writes on top, nothing is rewritten. Both
 * snapshots are read with their removed rows.
 *
 * - Of a row that was on the quote each cell becomes what it was: a removed row comes back, a moved one goes to its old
 *   place, a cell that was empty is emptied.
 * - A row that was not on the quote, since it came later or was removed, is removed. Nobody sees its other cells; they stay.
 * - An empty status cannot be written: it becomes the status that it reads as.
 *
 * Steps come in the order of the quote: fields, line items, discounts, notes; in each the rows that were there, in their old
 * order, then those to be removed. Values are compared as they are written: `1.0` is not `1`.
 */
export interface RestorePlan {
  readonly steps: readonly RestoreStep[];
  readonly texts: readonly RestoredText[];
}

/** One write; `from` is what the cell holds in the present snapshot. */
export interface RestoreStep {
  readonly cell: CellId;
  readonly from: CellValue;
  readonly to: CellValue;
}

/** The body of one note. */
export interface RestoredText {
  /** The note's id. */
  readonly note: string;
  readonly from: string;
  readonly to: string;
}

/** What is to be as it was. The text of a note goes with its row. */
export type RestoreScope =
  | { readonly kind: 'quote' }
  | { readonly kind: 'row'; readonly root: RowRoot; readonly row: string }
  | { readonly kind: 'cell'; readonly cell: string };

/** Empty where nothing differs, and for a cell whose row came later. */
export function planRestore(
  now: Snapshot,
  then: Snapshot,
  scope: RestoreScope = { kind: 'quote' },
): RestorePlan {
  switch (scope.kind) {
    case 'quote': {
      const fields = cellSteps('fields', now.fields, then.fields, (column) => cellIdOf('fields', column));
      const { steps, texts } = planRows(now, then);
      return { steps: [...fields, ...steps], texts };
    }
    case 'row':
      return planRows(onlyRow(now, scope), onlyRow(then, scope));
    case 'cell':
      return { steps: planCell(now, then, scope.cell), texts: [] };
    default:
      return unreachable(scope);
  }
}

export const isEmptyPlan = ({ steps, texts }: RestorePlan): boolean => steps.length + texts.length === 0;

type Rows = Omit<Snapshot, 'fields'>;
type Cells = Readonly<Record<string, CellValue>>;

const ROW_ROOTS = ['lineItems', 'discounts', 'notes'] as const;
const NO_CELLS: Cells = {};

const planRows = (now: Rows, then: Rows): RestorePlan => ({
  steps: ROW_ROOTS.flatMap((root) => rowSteps(root, now[root], then[root])),
  texts: textsOf(now.notes, then.notes),
});

const onlyRow = (
  snapshot: Snapshot,
  { root, row }: { readonly root: RowRoot; readonly row: string },
): Rows => ({
  lineItems: [],
  discounts: [],
  notes: [],
  [root]: snapshot[root].filter(({ id }) => id === row),
});

function rowSteps(root: RowRoot, now: readonly Row[], then: readonly Row[]): RestoreStep[] {
  const rowsNow = new Map(now.map((row) => [row.id, row]));
  const idsThen = new Set(then.filter(isOnQuote).map(({ id }) => id));
  const restored = then
    .filter(isOnQuote)
    .flatMap((row) =>
      cellSteps(root, rowsNow.get(row.id)?.cells ?? NO_CELLS, row.cells, (column) =>
        rowCell(root, row.id, column),
      ),
    );
  const removed = now
    .filter((row) => isOnQuote(row) && !idsThen.has(row.id))
    .map(({ id }) => ({ cell: rowCell(root, id, 'removed'), from: null, to: true }));
  return [...restored, ...removed];
}

/** In the order of the columns, free ones last. */
function cellSteps(root: Root, now: Cells, then: Cells, idOf: (column: string) => CellId): RestoreStep[] {
  const known = [...columns[root].keys()];
  const own = [...Object.keys(then), ...Object.keys(now)].filter((column) => !columns[root].has(column));
  return [...known, ...new Set(own.toSorted())].flatMap((column) =>
    stepsTo(idOf(column), valueIn(now, column), valueIn(then, column)),
  );
}

function planCell(now: Snapshot, then: Snapshot, id: string): RestoreStep[] {
  const cell = parseCellId(id);
  if (cell === null) return [];
  const [cellsNow, cellsThen] = [now, then].map((snapshot) => cellsAround(snapshot, cell));
  if (cellsThen == null) return [];
  return stepsTo(
    cellIdOf(cell.root, cell.key),
    valueIn(cellsNow ?? NO_CELLS, cell.column),
    valueIn(cellsThen, cell.column),
  );
}

/** The cells of its row, null where there is no such row; for a field, all fields. */
const cellsAround = (snapshot: Snapshot, { root, row }: Cell): Cells | null =>
  root === 'fields' ? snapshot.fields : (snapshot[root].find(({ id }) => id === row)?.cells ?? null);

const STATUS: CellId = cellIdOf('fields', 'status');

function stepsTo(cell: CellId, from: CellValue, then: CellValue): RestoreStep[] {
  const to = cell === STATUS && then === null && from !== null ? STATUSES[0] : then;
  return from === to ? [] : [{ cell, from, to }];
}

function textsOf(now: readonly NoteRow[], then: readonly NoteRow[]): RestoredText[] {
  const textNow = new Map(now.map(({ id, text }) => [id, text]));
  return then
    .filter(isOnQuote)
    .map(({ id, text }) => ({ note: id, from: textNow.get(id) ?? '', to: text }))
    .filter(({ from, to }) => from !== to);
}

/** A snapshot may come out of JSON, whose objects have a prototype. */
const valueIn = (cells: Cells, column: string): CellValue =>
  Object.hasOwn(cells, column) ? (cells[column] ?? null) : null;

import { generateNKeysBetween } from 'fractional-indexing';
import { assert } from '../lib/assert.ts';
import type { Cell, CellValue, RowRoot } from './cell.ts';

/**
 * A quote that does not exist yet: what `POST /api/quotes` and files bring, every value checked. Rows stand in
 * their order here; ids are given where somebody refers to them.
 */
export interface NewQuote {
  readonly id?: string;
  readonly fields: Readonly<Record<string, CellValue>>;
  readonly lineItems: readonly NewRow[];
  readonly discounts: readonly NewRow[];
  readonly notes: readonly NewNote[];
}

export interface NewRow {
  readonly id?: string;
  /** Without `position`: that comes from the row's place. */
  readonly cells: Readonly<Record<string, CellValue>>;
}

export interface NewNote extends NewRow {
  readonly text: string;
}

/** Everything to write into an empty document, in this order. */
export interface NewQuoteContent {
  readonly cells: readonly NewCell[];
  readonly texts: readonly { readonly note: string; readonly text: string }[];
}

export interface NewCell {
  readonly cell: Cell;
  readonly value: string | boolean;
  /** Where it comes from: `index` counts the rows of `root` from 0, and is null for a field. */
  readonly source: CellSource;
}

export type CellSource =
  | { readonly root: 'fields'; readonly index: null; readonly column: string }
  | { readonly root: RowRoot; readonly index: number; readonly column: string };

/**
 * The cells and texts of a new quote: rows get a position each, and an id by `makeId` where they have none. Empty
 * cells need no write.
 */
export function cellsOfNewQuote(quote: NewQuote, makeId: () => string): NewQuoteContent {
  const lineItems = withIds(quote.lineItems, makeId);
  const discounts = withIds(quote.discounts, makeId);
  const notes = withIds(quote.notes, makeId);
  const fields = present(quote.fields).map(([column, value]): NewCell => ({
    cell: { root: 'fields', row: null, column, key: column },
    value,
    source: { root: 'fields', index: null, column },
  }));
  return {
    cells: [
      ...fields,
      ...cellsOfRows('lineItems', lineItems),
      ...cellsOfRows('discounts', discounts),
      ...cellsOfRows('notes', notes),
    ],
    texts: notes.filter(({ text }) => text !== '').map(({ id, text }) => ({ note: id, text })),
  };
}

/** Ids that several rows of one kind have, each once. */
export function duplicatedIds(rows: readonly NewRow[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { id } of rows) {
    if (id === undefined) continue;
    if (seen.has(id)) twice.add(id);
    seen.add(id);
  }
  return [...twice];
}

function withIds<Row extends NewRow>(
  rows: readonly Row[],
  makeId: () => string,
): (Row & { readonly id: string })[] {
  assert(
    duplicatedIds(rows).length === 0,
    'a checked new quote has no two rows of one kind with the same id',
  );
  const taken = new Set(rows.map(({ id }) => id));
  return rows.map((row) => {
    if (row.id !== undefined) return { ...row, id: row.id };
    const id = makeId();
    assert(!taken.has(id), 'ids that are made are new ones');
    taken.add(id);
    return { ...row, id };
  });
}

function cellsOfRows(root: RowRoot, rows: readonly (NewRow & { readonly id: string })[]): NewCell[] {
  const positions = generateNKeysBetween(null, null, rows.length);
  return rows.flatMap(({ id, cells }, index) =>
    present({ ...cells, position: positions[index] ?? null }).map(([column, value]) => ({
      cell: { root, row: id, column, key: `${id}/${column}` },
      value,
      source: { root, index, column },
    })),
  );
}

const present = (cells: Readonly<Record<string, CellValue>>): [string, string | boolean][] =>
  Object.entries(cells).filter((entry): entry is [string, string | boolean] => entry[1] !== null);

const DEFAULT_CURRENCY = 'USD';

/** What a new quote begins with where nothing is said; a `null` leaves the cell empty. */
export const withDefaultFields = (quote: NewQuote, owner: string): NewQuote => ({
  ...quote,
  fields: { status: 'draft', owner, currency: DEFAULT_CURRENCY, ...quote.fields },
});

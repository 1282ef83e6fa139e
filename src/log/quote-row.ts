import type { QuoteId } from '../lib/ids.ts';
import type { QuoteQuery, QuoteSummary } from './log.ts';
import { foldCase, parsePlace, searchTextOf } from './quote-list.ts';

/** A quote's summary as a row of the table `quotes`, and the question for a page of them. */
export interface QuoteRow {
  readonly id: string;
  readonly title: string;
  readonly customer: string;
  readonly status: string;
  readonly owner: string;
  readonly currency: string;
  readonly total: string;
  readonly seq: number;
  readonly created_by: string;
  readonly last_change_at: number;
  readonly last_change_by: string;
  readonly last_change_cell: string | null;
}

export const QUOTE_COLUMNS = `id, title, customer, status, owner, currency, total, seq, created_by, last_change_at,
  last_change_by, last_change_cell, search`;

/** Values for {@link QUOTE_COLUMNS}. */
export const quoteCells = (summary: QuoteSummary): (string | number | null)[] => [
  summary.id,
  summary.title,
  summary.customer,
  summary.status,
  summary.owner,
  summary.currency,
  summary.total,
  summary.seq,
  summary.createdBy,
  summary.lastChange.at,
  summary.lastChange.by,
  summary.lastChange.cell,
  searchTextOf(summary),
];

export const summaryOfRow = (row: QuoteRow): QuoteSummary => ({
  id: row.id as QuoteId,
  title: row.title,
  customer: row.customer,
  status: row.status,
  owner: row.owner,
  currency: row.currency,
  total: row.total,
  seq: row.seq,
  createdBy: row.created_by,
  lastChange: { at: row.last_change_at, by: row.last_change_by, cell: row.last_change_cell },
});

interface Question {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Asks for one row more than the page holds, which tells whether there is a next page. Null where `after` is no place. */
export function quoteQuestion(query: QuoteQuery): Question | null {
  const conditions = ['TRUE'];
  const values: (string | number)[] = [];
  const where = (condition: string, ...bound: (string | number)[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };

  if (query.after !== undefined) {
    const place = parsePlace(query.after);
    if (place === null) return null;
    where('(last_change_at, id) < (?, ?)', place.at, place.id);
  }
  if (query.text !== undefined) where('instr(search, ?) > 0', foldCase(query.text));
  if (query.status !== undefined) where('status = ?', query.status);
  if (query.ids !== undefined) where('id IN (SELECT value FROM json_each(?))', JSON.stringify(query.ids));
  const sql = `SELECT ${QUOTE_COLUMNS} FROM quotes WHERE ${conditions.join(' AND ')}
    ORDER BY last_change_at DESC, id DESC LIMIT ?`;
  return { sql, values: [...values, query.limit + 1] };
}

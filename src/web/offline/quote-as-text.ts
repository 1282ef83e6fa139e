import type { Snapshot } from '../../client/connect-quote.ts';
import { columnTitle } from '../../quote/column-titles.ts';

/** Columns that say where a row stands, and nothing to a person. */
const HIDDEN = new Set(['position', 'removed']);

/**
 * A whole quote to paste somewhere else: fields one a line, rows as tabs between cells with a line of titles, notes as
 * they were typed. For when edits cannot be sent and must not be lost.
 */
export function quoteAsText({ fields, lineItems, discounts, notes }: Snapshot): string {
  const head = Object.entries(fields).map(
    ([name, value]) => `${columnTitle('fields', name)}: ${wordOf(value)}`,
  );
  const parts = [
    head.join('\n'),
    tableOf('lineItems', lineItems),
    tableOf('discounts', discounts),
    ...notes.map(({ text }) => text),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function tableOf(root: 'lineItems' | 'discounts', rows: Snapshot['lineItems']): string {
  if (rows.length === 0) return '';
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))].filter(
    (column) => !HIDDEN.has(column),
  );
  const titles = columns.map((column) => columnTitle(root, column));
  const lines = rows.map(({ cells }) => columns.map((column) => quoted(wordOf(cells[column]))).join('\t'));
  return [titles.join('\t'), ...lines].join('\n');
}

const wordOf = (value: unknown): string => {
  if (value === true) return 'yes';
  return typeof value === 'string' ? value : '';
};

/** As spreadsheets read it: a cell with a tab or a new line in it stays one cell. */
const quoted = (text: string): string => (/[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

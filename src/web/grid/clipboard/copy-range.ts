import type { QuoteClient } from '../../../client/connect-quote.ts';
import { rowCell } from '../../../quote/cell.ts';
import { withFormulaGuard } from '../../../quote/line-text.ts';
import { NET } from '../grid-columns.ts';
import type { GridRange } from '../selection.ts';
import { decimalSignOfLocale } from './decimal-sign.ts';
import { formatCellText } from './format-cell-text.ts';
import { formatTsv } from './format-tsv.ts';

/** The selected cells as text for the clipboard, as a spreadsheet takes it. */
export function copyRange(
  quote: Pick<QuoteClient, 'readCell' | 'totals'>,
  { rows, columns }: GridRange,
  locale?: string,
): string {
  const nets = columns.includes(NET) ? netsOf(quote) : null;
  const textOf = (row: string, column: string): string => {
    if (column === NET) return (nets?.get(row) ?? '').replace('.', decimalSignOfLocale(locale));
    const text = formatCellText(column, quote.readCell(rowCell('lineItems', row, column)), locale);
    return withFormulaGuard(text);
  };
  return formatTsv(rows.map((row) => columns.map((column) => textOf(row, column))));
}

const netsOf = (quote: Pick<QuoteClient, 'totals'>): ReadonlyMap<string, string> =>
  new Map(quote.totals().lines.map(({ id, net }) => [id, net]));

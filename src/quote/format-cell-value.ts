import { type CellValue, parseCellId } from './cell.ts';
import { DECIMAL_PATTERN } from './columns.ts';
import { formatAmount } from './format-amount.ts';
import { STATUS_TITLES, statusTitle } from './status-titles.ts';

/** A value as a sentence says it: "12 %", "1,234.50", "yes", "empty", the text itself. */
export function formatCellValue(cellId: string, value: CellValue, locale?: string): string {
  if (value === null || value === '') return 'empty';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const cell = parseCellId(cellId);
  if (cell?.root === 'fields' && cell.column === 'status' && value in STATUS_TITLES)
    return statusTitle(value);
  const column = cell === null ? '' : `${cell.root}/${cell.column}`;
  if (!NUMBER_COLUMNS.has(column) || !DECIMAL_PATTERN.test(value)) return value;
  const number = formatAmount(value, locale);
  return column === 'lineItems/discountPercent' ? `${number} %` : number;
}

const NUMBER_COLUMNS: ReadonlySet<string> = new Set([
  'lineItems/quantity',
  'lineItems/unitPrice',
  'lineItems/discountPercent',
  'discounts/value',
]);

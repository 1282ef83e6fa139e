import type { CellValue } from '../../../quote/cell.ts';
import { isNumberColumn } from '../../../quote/line-text.ts';
import { decimalSignOfLocale } from './decimal-sign.ts';

/**
 * A cell of a line as text to edit, the way back of `readCellText`: a number without thousands and with the reader's
 * decimal sign, so that a spreadsheet takes it for one as well.
 */
export function formatCellText(column: string, value: CellValue, locale?: string): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return isNumberColumn(column) ? value.replace('.', decimalSignOfLocale(locale)) : value;
}

import { DECIMAL_PATTERN } from '../../quote/columns.ts';
import { formatAmount } from '../../quote/format-amount.ts';
import type { GridColumn } from './grid-columns.ts';

/**
 * A value as its cell shows it. Prices have all `decimals` of the quote's currency, so that they stand below each other;
 * what is no number is shown as it is.
 */
export function shownText({ kind }: GridColumn, value: string | null, decimals: number): string {
  if (value === null) return '';
  if (kind === 'text' || !DECIMAL_PATTERN.test(value)) return value;
  if (kind === 'money') return formatAmount(value, undefined, decimals);
  return kind === 'percent' ? `${formatAmount(value)} %` : formatAmount(value);
}

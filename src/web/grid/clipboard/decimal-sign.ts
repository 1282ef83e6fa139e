import type { DecimalSign } from '../../../quote/import-result.ts';

/** The decimal sign that a reader of this language expects; the browser's own language by default. */
export function decimalSignOfLocale(locale?: string): DecimalSign {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.';
}

import type { CellValue } from '../../../quote/cell.ts';

/** The card in one line: what most look for, as far as it is there. */
export function fieldSummary(fields: Readonly<Record<string, CellValue>>, locale?: string): string {
  const text = (column: string): string => {
    const value = fields[column];
    return typeof value === 'string' ? value.trim() : '';
  };
  const until = text('validUntil');
  const parts = [
    text('customer'),
    text('contact'),
    text('owner') === '' ? '' : `Owner ${text('owner')}`,
    text('currency'),
    until === '' ? '' : `Valid until ${dayInWords(until, locale)}`,
    text('paymentTerms'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'No details yet' : parts.join(' · ');
}

/** A day as the reader writes it, wherever they are; as it stands where it is none. */
function dayInWords(day: string, locale: string | undefined): string {
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime())
    ? day
    : new Intl.DateTimeFormat(locale, {
        day: 'numeric',
        month: 'short',
        year: 'numeric',
        timeZone: 'UTC',
      }).format(date);
}

import { defaultLimits } from '../../../lib/limits.ts';
import { type Result, fail, ok } from '../../../lib/result.ts';
import type { CellValue } from '../../../quote/cell.ts';
import { parseColumnValue } from '../../../quote/columns.ts';
import { isCurrencyCode } from '../../../quote/currency.ts';
import type { DecimalSign } from '../../../quote/import-result.ts';
import { readLineNumber, readLineText } from '../../../quote/line-text.ts';
import { type WrittenNumber, decimalSignOf } from '../../../quote/written-number.ts';
import { decimalSignOfLocale } from './decimal-sign.ts';

export interface ReadTextOptions {
  /** How to read what could be two numbers, like `1.234`. Without it: as the reader's language writes numbers. */
  readonly decimal?: DecimalSign | undefined;
  /** The reader's language; the browser's own by default. */
  readonly locale?: string | undefined;
  /** The quote's: a price in another one is turned down. */
  readonly currency?: string | undefined;
}

/**
 * What somebody typed or pasted into a cell of a line, as its value: `1.234,50`, `€ 12.50`, `(12.50)`, `12 %`, `yes`.
 * Empty text empties the cell. The reason is a sentence for a person.
 */
export function readCellText(column: string, text: string, options: ReadTextOptions = {}): Result<CellValue> {
  const trimmed = text.trim();
  if (trimmed === '') return ok(null);
  const number = readLineNumber(column, trimmed);
  if (!number.ok) return fail(sentence(number.reason));
  const wrongCurrency = currencyProblem(number.value, options.currency ?? '');
  if (wrongCurrency !== null) return fail(wrongCurrency);
  const decimal = number.value === null ? '.' : signFor(number.value, options);
  const value = readLineText(column, { text: trimmed, number: number.value }, decimal);
  if (!value.ok) return fail(sentence(value.reason));
  const parsed = parseColumnValue({ root: 'lineItems', column }, value.value, defaultLimits.cellBytes);
  return parsed.ok ? parsed : fail(sentence(parsed.reason));
}

/** A number's own proof counts more than anything else that is known. */
function signFor(number: WrittenNumber, { decimal, locale }: ReadTextOptions): DecimalSign {
  const proven = decimalSignOf(number);
  if (proven === '.' || proven === ',') return proven;
  return decimal ?? decimalSignOfLocale(locale);
}

function currencyProblem(number: WrittenNumber | null, currency: string): string | null {
  const written = number?.currency ?? null;
  if (written === null || !isCurrencyCode(currency) || written === currency) return null;
  const isSame = !isCurrencyCode(written) && signOf(currency) === written.at(-1);
  return isSame ? null : `This is in ${written}; the quote is in ${currency}.`;
}

/** `$` for any kind of dollar. */
function signOf(currency: string): string | undefined {
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  });
  return format
    .formatToParts(0)
    .find(({ type }) => type === 'currency')
    ?.value.at(-1);
}

/** The core says `takes a decimal ...`, to be put behind a cell's name. */
function sentence(reason: string): string {
  const whole = /^(?:takes|is|cannot) /.test(reason) ? `This column ${reason}` : reason;
  return whole.endsWith('.') ? whole : `${whole}.`;
}

import { type Result, fail, ok } from '../lib/result.ts';
import type { CellValue } from './cell.ts';
import type { LineColumn } from './csv-headers.ts';
import type { DecimalSign } from './import-result.ts';
import { type WrittenNumber, readWrittenNumber } from './written-number.ts';

/**
 * What a person or a spreadsheet wrote for one column of a line, in two steps, since a number such as `1.234` can only
 * be read once its neighbours have told the decimal sign.
 */

/** What a column's numbers are; other columns hold none. */
const NUMBERS: Partial<Record<LineColumn, 'count' | 'money' | 'percent'>> = {
  quantity: 'count',
  unitPrice: 'money',
  discountPercent: 'percent',
};

export const isNumberColumn = (column: string): boolean => Object.hasOwn(NUMBERS, column);

/** The number that is written, or null where the column holds none. */
export function readLineNumber(column: string, text: string): Result<WrittenNumber | null> {
  const holds = isNumberColumn(column) ? NUMBERS[column as LineColumn] : undefined;
  if (holds === undefined) return ok(null);
  const number = readWrittenNumber(text);
  if (number === null) return fail(`${quoted(text)} is not a number`);
  if (number.isPercent && holds !== 'percent') return fail(`takes no percentage, but has ${quoted(text)}`);
  if (number.currency !== null && holds !== 'money')
    return fail(`takes no amount of money, but has ${quoted(text)}`);
  return ok(number);
}

/** The value, not yet checked against its column. `number` is what `readLineNumber` found in the same text. */
export function readLineText(
  column: string,
  { text, number }: { readonly text: string; readonly number: WrittenNumber | null },
  decimal: DecimalSign,
): Result<CellValue> {
  if (column === 'optional') return readYesOrNo(text);
  if (number === null) return ok(withoutFormulaGuard(text));
  const reading = number.readings[decimal];
  return reading === null ? fail(`takes a number with the decimal sign "${decimal}"`) : ok(reading);
}

const YES = ['yes', 'y', 'true', '1', 'x', 'optional', 'ja', 'wahr'];
const NO = ['no', 'n', 'false', '0', 'nein', 'falsch'];

/** No leaves the cell empty. */
function readYesOrNo(text: string): Result<CellValue> {
  const word = text.toLowerCase();
  if (YES.includes(word)) return ok(true);
  return NO.includes(word) ? ok(null) : fail('takes yes or no');
}

/**
 * A spreadsheet would run text that begins like a formula, whoever wrote it; an apostrophe before it, which they all
 * know, makes it text again. Reading takes it off.
 */
export const withFormulaGuard = (text: string): string =>
  /^'*[=+\-@]/.test(text) && !/^[-+][\d.,\s%]*$/.test(text) ? `'${text}` : text;

const withoutFormulaGuard = (text: string): string => (/^'+[=+\-@]/.test(text) ? text.slice(1) : text);

const QUOTED_CHARS_MAX = 40;

export const quoted = (text: string): string =>
  JSON.stringify(text.length > QUOTED_CHARS_MAX ? `${text.slice(0, QUOTED_CHARS_MAX)}...` : text);

import { type Result, fail, ok } from '../lib/result.ts';
import { isCurrencyCode } from './currency.ts';
import type { CsvLine } from './csv-lines.ts';
import type { ImportProblem } from './import-result.ts';

/**
 * The one currency of a file, by its column or by the codes beside its prices (`EUR 12.00`); null if it names none. A
 * quote has one currency, so two are a problem. Signs like `$` name no currency, but two different ones mean two.
 */
export function findCurrency(lines: readonly CsvLine[]): Result<string | null, ImportProblem> {
  let code: string | null = null;
  let sign: string | null = null;
  for (const { line, fields } of lines) {
    for (const { column, text, number } of fields) {
      const written = column.kind === 'currency' ? text.toUpperCase() : (number?.currency ?? null);
      if (written === null) continue;
      const isCode = isCurrencyCode(written);
      const at = { line, column: column.header };
      if (column.kind === 'currency' && !isCode) {
        return fail({ ...at, message: `takes a currency code of ISO 4217, like EUR, not "${text}"` });
      }
      const before: string | null = isCode ? code : sign;
      if (before !== null && before !== written) {
        return fail({
          ...at,
          message: `is in ${written}, lines before it in ${before}; a quote has one currency`,
        });
      }
      if (isCode) code = written;
      else sign = written;
    }
  }
  return ok(code);
}

import { isCurrencyCode } from '../quote/currency.ts';
import type { DecimalSign } from '../quote/import-result.ts';
import { UsageError } from './command-errors.ts';
import type { DataOptions } from './command-settings.ts';
import { parseQuoteId } from './find-quote.ts';
import type { QuoteFlags } from './read-import.ts';
import type { ServerOptions } from './server-options.ts';

/** The flags of `quote import`, as they come. */
export interface ImportOptions extends DataOptions, ServerOptions {
  readonly id?: string;
  readonly title?: string;
  readonly customer?: string;
  readonly currency?: string;
  readonly decimal?: string;
  readonly as?: string;
  readonly role?: string;
  readonly allowMissing?: true;
  readonly json?: true;
}

export type CheckedImport = Omit<ImportOptions, 'decimal' | keyof QuoteFlags> & {
  readonly decimal?: DecimalSign;
  /** What the flags say of the quote itself. */
  readonly quote: QuoteFlags;
};

/** Throws a `UsageError` at what no import takes. */
export function checkImportOptions({
  decimal,
  id,
  title,
  customer,
  currency,
  ...options
}: ImportOptions): CheckedImport {
  if (id !== undefined) parseQuoteId(id);
  if (currency !== undefined && !isCurrencyCode(currency)) {
    throw new UsageError(`--currency takes a code of ISO 4217, like EUR, not "${currency}"`);
  }
  const quote = {
    ...(id !== undefined && { id }),
    ...(title !== undefined && { title }),
    ...(customer !== undefined && { customer }),
    ...(currency !== undefined && { currency }),
  };
  if (decimal === undefined) return { ...options, quote };
  if (decimal !== '.' && decimal !== ',') throw new UsageError(`--decimal is "." or ",", not "${decimal}"`);
  return { ...options, quote, decimal };
}

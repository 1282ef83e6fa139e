import { CURRENCY_CODES } from '../../words/currency-codes.ts';

/** What most quotes are in, at the top of the list. */
const COMMON = ['EUR', 'USD', 'GBP', 'CHF', 'JPY'];

export interface Currency {
  readonly code: string;
  /** In the reader's language. */
  readonly name: string;
}

export function allCurrencies(locale?: string): readonly Currency[] {
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  const codes = CURRENCY_CODES.filter((code) => !COMMON.includes(code));
  return [...COMMON, ...codes].map((code) => ({ code, name: names.of(code) ?? code }));
}

/** Those whose code begins with what was typed, then those whose name has it; all for nothing typed. */
export function findCurrencies(currencies: readonly Currency[], typed: string): readonly Currency[] {
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted === '') return currencies;
  const byCode = currencies.filter(({ code }) => code.toLowerCase().startsWith(wanted));
  const byName = currencies.filter(
    (currency) => !byCode.includes(currency) && currency.name.toLocaleLowerCase().includes(wanted),
  );
  return [...byCode, ...byName];
}

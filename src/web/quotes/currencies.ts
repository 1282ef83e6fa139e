import { CURRENCY_CODES } from '../words/currency-codes.ts';

const FREQUENT = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'CNY', 'CAD', 'AUD', 'SEK', 'PLN'];

export interface CurrencyChoice {
  readonly value: string;
  /** "EUR  Euro": found by the code and by the name. */
  readonly label: string;
}

export interface CurrencyGroup {
  readonly group: string;
  readonly items: CurrencyChoice[];
}

/** All currencies, the frequent ones first. One that is not among them (of a file) is added. */
export function currencyGroups(extra: string | null = null): CurrencyGroup[] {
  const names = new Intl.DisplayNames('en', { type: 'currency', fallback: 'code' });
  const choiceOf = (value: string): CurrencyChoice => {
    const name = names.of(value) ?? value;
    return { value, label: name === value ? value : `${value} \u{2013} ${name}` };
  };
  const isKnown = extra === null || CURRENCY_CODES.includes(extra);
  const all = isKnown ? CURRENCY_CODES : [...CURRENCY_CODES, extra].toSorted();
  return [
    { group: 'Frequent', items: FREQUENT.map(choiceOf) },
    { group: 'All', items: all.filter((code) => !FREQUENT.includes(code)).map(choiceOf) },
  ];
}

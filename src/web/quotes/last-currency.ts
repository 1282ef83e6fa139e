import { isCurrencyCode } from '../../quote/currency.ts';

const KEY = 'quoteroom.currency';
/** As the server begins a quote that names none. */
const FIRST = 'USD';

/** The currency that this browser's last new quote had: most people sell in one. */
export function lastCurrency(storage: Pick<Storage, 'getItem'>): string {
  const kept = storage.getItem(KEY);
  return kept !== null && isCurrencyCode(kept) ? kept : FIRST;
}

export const rememberCurrency = (storage: Pick<Storage, 'setItem'>, currency: string): void =>
  storage.setItem(KEY, currency);

/** Currencies whose minor unit is not 1/100 (ISO 4217, list one). */
const OTHER_MINOR_UNITS: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map(
    (code): [string, number] => [code, 0],
  ),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code): [string, number] => [code, 3]),
]);

export const isCurrencyCode = (text: string): boolean => /^[A-Z]{3}$/.test(text);

/** Decimals of a currency's amounts: 2 unless ISO 4217 says 0 or 3. */
export const minorUnitsOf = (currency: string): number => OTHER_MINOR_UNITS.get(currency) ?? 2;

/** Currencies whose minor unit is not 1/100 (ISO 4217, list one). */
const OTHER_MINOR_UNITS: ReadonlyMap<string, number> = new Map([
  ...minorUnits(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...minorUnits(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...minorUnits(4, 'CLF UYW'),
]);

function minorUnits(decimals: number, codes: string): [string, number][] {
  return codes.split(' ').map((code) => [code, decimals]);
}

export const isCurrencyCode = (text: string): boolean => /^[A-Z]{3}$/.test(text);

/** Decimals of a currency's amounts: 2 unless ISO 4217 says otherwise, and 2 where no currency is set (`''`). */
export const minorUnitsOf = (currency: string): number => OTHER_MINOR_UNITS.get(currency) ?? 2;

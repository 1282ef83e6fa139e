/** Active currencies of ISO 4217, for a choice. The document takes any code of three letters. */
const CODES =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP ' +
  'CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ' +
  'IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU ' +
  'MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG ' +
  'SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST ' +
  'XAF XCD XCG XOF XPF YER ZAR ZMW ZWG';

/** What most quotes are in, at the top of the list. */
const COMMON = ['EUR', 'USD', 'GBP', 'CHF', 'JPY'];

export interface Currency {
  readonly code: string;
  /** In the reader's language. */
  readonly name: string;
}

export function allCurrencies(locale?: string): readonly Currency[] {
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  const codes = CODES.split(' ').filter((code) => !COMMON.includes(code));
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

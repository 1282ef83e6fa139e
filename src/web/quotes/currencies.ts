/** The currencies of ISO 4217 in use, without funds, metals and codes for testing. */
const CODES = `
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR
IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR
MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD
XOF XPF YER ZAR ZMW ZWG`;

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
  const codes = CODES.trim().split(/\s+/);
  const all = extra === null || codes.includes(extra) ? codes : [...codes, extra].toSorted();
  return [
    { group: 'Frequent', items: FREQUENT.map(choiceOf) },
    { group: 'All', items: all.filter((code) => !FREQUENT.includes(code)).map(choiceOf) },
  ];
}

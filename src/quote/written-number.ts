import type { DecimalSign } from './import-result.ts';

/**
 * Numbers as people and their programs write them: `1,234.50`, `1.234,50`, `1 234,50`, `1'234.50`, `$12`,
 * `USD 1,200.00`, `(5.00)`, `15 %`.
 *
 * What one comma or point means cannot always be seen: `1,234` is 1234 to some and 1.234 to others. So a number is read
 * both ways, and where only one of them makes a number it proves the decimal sign, for the whole file.
 */
export interface WrittenNumber {
  /** The number as a decimal string, by the decimal sign; null where that reading makes none. */
  readonly readings: Readonly<Record<DecimalSign, string | null>>;
  readonly isPercent: boolean;
  /** A code like `USD`, or a sign like `$`; null if none is written. */
  readonly currency: string | null;
}

const CURRENCY = String.raw`[A-Z]{0,3}\p{Sc}|[A-Z]{3}`;
const CURRENCY_BEFORE = new RegExp(String.raw`^(${CURRENCY})\s*`, 'u');
const CURRENCY_AFTER = new RegExp(String.raw`\s*(${CURRENCY})$`, 'u');
const SIGN_BEFORE = /^([-+\u{2212}])\s*/u;
const PARENTHESES = /^\((.*)\)$/su;
const PERCENT = /\s*(%)$/u;
/** Thousands set apart by spaces (no-break and thin ones too) or apostrophes. */
const SPACED = /^\d{1,3}(?:[\s'\u{2019}]\d{3})+(?:[.,]\d+)?$/u;

/** Takes apart what is written; null if it is a number in no reading. */
export function readWrittenNumber(text: string): WrittenNumber | null {
  let rest = text.trim();
  const strip = (pattern: RegExp, put = ''): string | null => {
    const found = pattern.exec(rest)?.[1] ?? null;
    if (found !== null) rest = rest.replace(pattern, put);
    return found;
  };
  const bracketed = strip(PARENTHESES, '$1') === null ? null : '-';
  const percent = strip(PERCENT);
  const outerSign = strip(SIGN_BEFORE);
  const currency = strip(CURRENCY_BEFORE) ?? strip(CURRENCY_AFTER);
  const signs = [bracketed, outerSign, strip(SIGN_BEFORE)].filter((sign) => sign !== null);
  if (signs.length > 1) return null;

  if (SPACED.test(rest)) rest = rest.replaceAll(/[\s'\u{2019}]/gu, '');
  const minus = signs.length === 0 || signs[0] === '+' ? '' : '-';
  const readings = { '.': readDigits(rest, '.', minus), ',': readDigits(rest, ',', minus) };
  if (readings['.'] === null && readings[','] === null) return null;
  return { readings, isPercent: percent !== null, currency };
}

/** The decimal sign that a number proves; `either` if it makes two different numbers; null if it makes the same one twice. */
export function decimalSignOf({ readings }: WrittenNumber): DecimalSign | 'either' | null {
  if (readings['.'] === readings[',']) return null;
  if (readings['.'] === null) return ',';
  return readings[','] === null ? '.' : 'either';
}

/** Groups of three, or of two before the last (Indian); a number that begins with 0 has none. */
const FORMS: Readonly<Record<DecimalSign, RegExp>> = {
  '.': /^(\d*|[1-9]\d{0,2}(?:,\d{2,3})*,\d{3})(?:\.(\d+))?$/,
  ',': /^(\d*|[1-9]\d{0,2}(?:\.\d{2,3})*\.\d{3})(?:,(\d+))?$/,
};

function readDigits(digits: string, decimal: DecimalSign, minus: string): string | null {
  const parts = FORMS[decimal].exec(digits);
  if (parts === null || digits === '') return null;
  const whole = (parts[1] ?? '').replaceAll(/[.,]/g, '').replace(/^0+(?=\d)/, '') || '0';
  const fraction = (parts[2] ?? '').replace(/0+$/, '');
  const number = fraction === '' ? whole : `${whole}.${fraction}`;
  return number === '0' ? number : minus + number;
}

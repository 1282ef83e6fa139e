/**
 * A decimal string with the reader's separators, `8635.80` as "8,635.80". Exact: `Intl` takes decimal strings, so no
 * amount ever passes through a double. Keeps the decimals that are there, and fills up to `atLeast` of them.
 */
export function formatAmount(decimal: string, locale?: string, atLeast = 0): string {
  const decimals = Math.max(atLeast, decimal.split('.')[1]?.length ?? 0);
  return formatOf(locale, decimals).format(decimal as `${number}`);
}

/** With the currency behind it, "8,635.80 EUR"; without one where the quote has none. */
export const formatMoney = (decimal: string, currency: string, locale?: string): string =>
  currency === '' ? formatAmount(decimal, locale) : `${formatAmount(decimal, locale)} ${currency}`;

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string | undefined, decimals: number): Intl.NumberFormat {
  const key = `${locale ?? ''} ${decimals}`;
  const format =
    formats.get(key) ??
    new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  formats.set(key, format);
  return format;
}

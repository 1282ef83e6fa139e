/**
 * Which column of a line item each header of a CSV file means. Headers are compared without case, spaces and punctuation,
 * in the wordings of Salesforce's and HubSpot's exports, of German spreadsheets, and in our own.
 *
 * A header that we do not know becomes a free column `x_<name>`, so that nothing is lost. Left out and reported are: what
 * is worked out here anyway (totals), what does not belong in a document that every replica holds whole (cost,
 * margin), the bookkeeping of the other system (ids, dates of change), and a second header for the same column.
 */
export type CsvColumn =
  | { readonly kind: 'line'; readonly header: string; readonly column: LineColumn }
  | { readonly kind: 'free'; readonly header: string; readonly column: string }
  /** The currency, which is the quote's. */
  | { readonly kind: 'currency'; readonly header: string }
  /** Money off: known only so that it is not overlooked, for lines hold percentages. */
  | { readonly kind: 'discountAmount'; readonly header: string }
  | { readonly kind: 'ignored'; readonly header: string; readonly isNameless?: true };

export type LineColumn = keyof typeof LINE_WORDINGS;

/** The headers known for each column, the better ones first: where a file has several, the first one here counts. */
export const LINE_WORDINGS = {
  sku: [
    'SKU',
    'Product SKU',
    'Product Code',
    'Product: Product Code',
    'Product2.ProductCode',
    'hs_sku',
    'Artikelnummer',
  ],
  name: [
    'Product Name',
    'Product: Product Name',
    'Product2.Name',
    'Name',
    'Product',
    'Line Item Name',
    'Item',
    'Produktname',
    'Bezeichnung',
  ],
  description: ['Line Description', 'Line Item Description', 'Description', 'Product Description'],
  quantity: ['Quantity', 'Qty', 'Menge'],
  unit: ['Unit', 'Unit of Measure', 'Quantity Unit of Measure', 'UOM', 'Einheit'],
  unitPrice: ['Sales Price', 'Unit Price', 'Einzelpreis', 'Price', 'Preis', 'List Price', 'Listenpreis'],
  discountPercent: [
    ...['Discount %', 'Discount Percent', 'Discount Percentage', 'Discount (Percentage)'],
    ...[
      'Unit discount %',
      'Unit Discount Percentage',
      'hs_discount_percentage',
      'Line Discount %',
      'Discount',
      'Rabatt %',
      'Rabatt',
    ],
  ],
  group: ['Group', 'Section', 'Group Name', 'Quote Line Group'],
  optional: ['Optional', 'Is Optional', 'Optional Item'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const CURRENCY = /\bcurrency( iso)?( code)?$/;
const DISCOUNT_AMOUNT = /^(unit |line )?discount amount$|^unit discount$/;
const TOTALS = /\b(total|totals|subtotal|amount|net price|arr|mrr|acv|tcv|summe|gesamtpreis|gesamtsumme)\b/;
const SECRETS = /\b(costs?|cogs|margins?|markup|profit|kosten|einkaufspreis|marge|deckungsbeitrag)\b/;
const BOOKKEEPING = /\bids?\b|\b(created|create date|modified|last updated|line item number)\b/;

/** A column of our own, as our own exports name it. */
const FREE_COLUMN = /^x_[A-Za-z0-9_]{1,61}$/;
const FREE_NAME_CHARS_MAX = 56;

/** How many of the headers mean a column of a line item. */
export const countKnownHeaders = (headers: readonly string[]): number =>
  readHeaders(headers).filter(({ kind }) => kind === 'line').length;

/** One column for each header, in order. */
export function readHeaders(headers: readonly string[]): CsvColumn[] {
  const best = new Map<LineColumn, number>();
  headers.forEach((header, index) => {
    const known = lookUp(header);
    const rival = known === null ? undefined : lookUp(headers[best.get(known.column) ?? -1] ?? '');
    if (known !== null && (rival == null || known.rank < rival.rank)) best.set(known.column, index);
  });
  const taken = new Set<string>(headers.filter((header) => FREE_COLUMN.test(header)));
  return headers.map((header, index) => {
    const known = lookUp(header);
    if (known !== null) {
      const { column } = known;
      return best.get(column) === index ? { kind: 'line', header, column } : { kind: 'ignored', header };
    }
    return readUnknown(header, index, taken);
  });
}

/** Headers that a file has twice, word for word. */
export const repeatedHeaders = (headers: readonly string[]): string[] => [
  ...new Set(headers.filter((header, index) => header !== '' && headers.indexOf(header) !== index)),
];

function readUnknown(header: string, index: number, taken: Set<string>): CsvColumn {
  if (header === '') return { kind: 'ignored', header: `column ${index + 1}`, isNameless: true };
  if (FREE_COLUMN.test(header)) return { kind: 'free', header, column: header };
  const words = wordsOf(header);
  if (CURRENCY.test(words)) return { kind: 'currency', header };
  if (DISCOUNT_AMOUNT.test(words)) return { kind: 'discountAmount', header };
  const isIgnored = [TOTALS, SECRETS, BOOKKEEPING].some((pattern) => pattern.test(words));
  return isIgnored
    ? { kind: 'ignored', header }
    : { kind: 'free', header, column: freeName(words, index, taken) };
}

/** `Billing frequency` becomes `x_billing_frequency`, a second one `x_billing_frequency_2`. */
function freeName(words: string, index: number, taken: Set<string>): string {
  const ascii = words
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_');
  const name = `x_${ascii.slice(0, FREE_NAME_CHARS_MAX).replaceAll(/^_+|_+$/g, '') || `column_${index + 1}`}`;
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
  taken.add(free);
  return free;
}

/** In lower case, with spaces where words meet: `Product2.ProductCode` is `product2 product code`. */
const wordsOf = (header: string): string =>
  header
    .replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}%]+/gu, ' ')
    .trim();

const keyOf = (header: string): string => header.toLowerCase().replaceAll(/[^\p{L}\p{N}%]/gu, '');

const COLUMN_BY_KEY: ReadonlyMap<string, { readonly column: LineColumn; readonly rank: number }> = new Map(
  (Object.keys(LINE_WORDINGS) as LineColumn[]).flatMap((column) =>
    [column, ...LINE_WORDINGS[column]].map((wording, index) => [keyOf(wording), { column, rank: index }]),
  ),
);

const lookUp = (header: string): { readonly column: LineColumn; readonly rank: number } | null =>
  COLUMN_BY_KEY.get(keyOf(header)) ?? null;

import type { Totals } from '../quote/pricing.ts';
import type { Row, Snapshot } from '../quote/snapshot.ts';
import { fit, plain, widthOf } from './plain-text.ts';
import { describeFreeColumns, renderLineItems } from './render-line-items.ts';
import { pad } from './table.ts';

/** A quote as lines of text, in the parts in which they stand under each other. */
export interface RenderedQuote {
  readonly title: string;
  readonly fields: readonly string[];
  /** The header of the line items, then each of them: one or two rows for each. */
  readonly lineItems: readonly (readonly string[])[];
  /** What the line items have besides. */
  readonly freeColumns: readonly string[];
  /** Money: never cut, and no wider than asked for. */
  readonly sums: readonly string[];
  readonly notes: readonly string[];
}

/**
 * What a quote says at the top, its lines with their prices, what it adds up to, its notes. Line items and sums take no
 * more than `width` columns of the terminal; the other lines are whatever people wrote.
 */
export function renderQuoteParts(snapshot: Snapshot, totals: Totals, width: number): RenderedQuote {
  const { fields, notes } = snapshot;
  return {
    title: plain(text(fields['title']) || 'Untitled quote'),
    fields: renderFields(fields),
    lineItems: renderLineItems(snapshot, totals, width),
    freeColumns: describeFreeColumns(snapshot),
    sums: renderSums(snapshot, totals, width),
    notes:
      notes.length === 0
        ? []
        : ['Notes', ...notes.map(({ cells, text: body }) => `  ${who(cells)}${plain(body)}`)],
  };
}

/** The same as one list of lines. */
export function renderQuote(snapshot: Snapshot, totals: Totals, width = Infinity): string[] {
  const { title, fields, lineItems, freeColumns, sums, notes } = renderQuoteParts(snapshot, totals, width);
  return [
    title,
    ...fields,
    '',
    ...lineItems.flat(),
    ...freeColumns,
    '',
    ...sums,
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ];
}

const SHOWN_FIELDS = [
  ['Customer', 'customer'],
  ['Contact', 'contact'],
  ['Status', 'status'],
  ['Owner', 'owner'],
  ['Currency', 'currency'],
  ['Valid until', 'validUntil'],
  ['Payment terms', 'paymentTerms'],
  ['Rounding', 'rounding'],
] as const;

function renderFields(fields: Snapshot['fields']): string[] {
  const known = SHOWN_FIELDS.map(([label, name]) => [
    label,
    text(fields[name]) || (name === 'status' ? 'draft' : ''),
  ]);
  const free = Object.entries(fields).filter(([name]) => name.startsWith('x_'));
  const shown = [...known, ...free.map(([name, value]) => [name, text(value)])].filter(
    ([, value]) => value !== '',
  );
  const width = Math.max(...shown.map(([label = '']) => widthOf(label)));
  return shown.map(([label = '', value = '']) => `  ${pad(plain(label), width, 'left')}  ${plain(value)}`);
}

function renderSums({ discounts }: Snapshot, totals: Totals, width: number): string[] {
  const byId = new Map(discounts.map((row) => [row.id, row]));
  const sums = [
    ['Subtotal', totals.subtotal],
    ...totals.discounts.map(({ id, label, amount }) => [
      label || describeDiscount(byId.get(id)),
      negated(amount),
    ]),
    [`Total${totals.currency === '' ? '' : ` ${totals.currency}`}`, totals.total],
  ].map(([label = '', amount = '']) => [plain(label), amount] as const);
  const amountWidth = Math.max(...sums.map(([, amount]) => amount.length));
  const labelWidthMax = Math.max(0, width - amountWidth - 4);
  const labelWidth = Math.min(labelWidthMax, Math.max(...sums.map(([label]) => widthOf(label))));
  return sums.map(
    ([label, amount]) =>
      `  ${pad(fit(label, labelWidth), labelWidth, 'left')}  ${pad(amount, amountWidth, 'right')}`,
  );
}

const negated = (amount: string): string => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);

const describeDiscount = (row: Row | undefined): string => {
  const value = text(row?.cells['value']);
  return row?.cells['kind'] === 'amount' ? 'Discount' : `Discount ${value} %`;
};

function who(cells: Row['cells']): string {
  const parts = [text(cells['audience']), text(cells['author'])].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${plain(parts.join(', '))}: `;
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : '';

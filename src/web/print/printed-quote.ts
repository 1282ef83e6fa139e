import { WHOLE_QUOTE, targetOfDiscount } from '../../quote/discount.ts';
import { Exact } from '../../quote/money.ts';
import type { QuoteJson } from '../../wire/http-schemas.ts';
import { planRows } from '../grid/row-plan.ts';
import { optionalSum } from '../room/totals/optional-sum.ts';
import { audienceOf } from '../words/audience-titles.ts';

/**
 * What the customer gets of a quote: all amounts as they are priced, nothing that was written for ourselves. Free columns
 * stay out too, since nobody said whom they are for.
 */
export interface PrintedQuote {
  readonly title: string;
  readonly customer: string;
  readonly contact: string;
  readonly owner: string;
  readonly status: string;
  readonly currency: string;
  /** YYYY-MM-DD, or empty. */
  readonly validUntil: string;
  readonly paymentTerms: string;
  readonly groups: readonly PrintedGroup[];
  readonly hasLineDiscounts: boolean;
  readonly subtotal: string;
  readonly discounts: readonly { readonly id: string; readonly label: string; readonly amount: string }[];
  readonly total: string;
  /** What the optional lines come to, which is in no total; null where there is none. */
  readonly optional: string | null;
  readonly notes: readonly { readonly id: string; readonly text: string }[];
}

export interface PrintedGroup {
  readonly key: string;
  /** Empty where its lines are in no group. */
  readonly name: string;
  /** Of its lines that are not optional; null where it has no heading. */
  readonly subtotal: string | null;
  readonly lines: readonly PrintedLine[];
}

export interface PrintedLine {
  readonly id: string;
  readonly number: number;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
  /** Its own, `0` where it has none. */
  readonly discountPercent: string;
  /** Labels of the discounts on this line alone. */
  readonly discountLabels: readonly string[];
  readonly isOptional: boolean;
  readonly net: string;
}

export function printedQuoteOf({ fields, lineItems, discounts, notes, totals }: QuoteJson): PrintedQuote {
  const priced = new Map(totals.lines.map((line) => [line.id, line]));
  const rows = new Map(lineItems.map((row) => [row.id, row]));
  const decimals = totals.subtotal.split('.')[1]?.length ?? 0;
  const labelsOf = (line: string): string[] =>
    line === WHOLE_QUOTE
      ? []
      : discounts
          .filter((row) => targetOfDiscount(row) === line)
          .map(({ label }) => textOf(label) || 'Discount');

  function printedLine(id: string, number: number): PrintedLine {
    const row = rows.get(id) ?? { id };
    const line = priced.get(id);
    return {
      id,
      number,
      sku: textOf(row['sku']),
      name: textOf(row['name']),
      description: textOf(row['description']),
      quantity: line?.quantity ?? '1',
      unit: textOf(row['unit']),
      unitPrice: line?.unitPrice ?? '0',
      discountPercent: line?.discountPercent ?? '0',
      discountLabels: labelsOf(id),
      isOptional: line?.optional === true,
      net: line?.net ?? '0',
    };
  }

  const groups: (PrintedGroup & { readonly lines: PrintedLine[] })[] = [];
  for (const row of planRows(lineItems.map(({ id, group }) => ({ id, group: textOf(group) })))) {
    if (row.kind === 'group') {
      const counted = row.lines.flatMap((id) => {
        const line = priced.get(id);
        return line === undefined || line.optional ? [] : [line.net];
      });
      const subtotal = counted.reduce((sum, net) => sum.plus(net), new Exact(0)).toFixed(decimals);
      groups.push({ key: row.key, name: row.name, subtotal, lines: [] });
    } else if (row.kind === 'line') {
      if (groups.length === 0) groups.push({ key: row.id, name: '', subtotal: null, lines: [] });
      groups.at(-1)?.lines.push(printedLine(row.id, row.number));
    }
  }

  return {
    title: textOf(fields['title']),
    customer: textOf(fields['customer']),
    contact: textOf(fields['contact']),
    owner: textOf(fields['owner']),
    status: textOf(fields['status']),
    currency: totals.currency,
    validUntil: textOf(fields['validUntil']),
    paymentTerms: textOf(fields['paymentTerms']),
    groups,
    hasLineDiscounts: totals.lines.some(({ discountPercent }) => discountPercent !== '0'),
    subtotal: totals.subtotal,
    discounts: totals.discounts,
    total: totals.total,
    optional: optionalSum(totals),
    notes: notes.filter(
      ({ audience = null, text }) => audienceOf(audience) === 'customer' && text.trim() !== '',
    ),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

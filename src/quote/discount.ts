import { isId } from '../lib/ids.ts';
import type { CellValue } from './cell.ts';
import type { DISCOUNT_KINDS } from './columns.ts';
import { Exact, ZERO, readDecimal, shareOf } from './money.ts';

/** What a discount means, also one that is not finished. The limits of authority rest on the same defaults. */

type Cells = Readonly<Record<string, CellValue>>;

export type DiscountKind = (typeof DISCOUNT_KINDS)[number];

/** The kind of a discount that names none. */
export const DEFAULT_DISCOUNT_KIND: DiscountKind = 'percent';

export const kindOfDiscount = (cells: Cells): DiscountKind =>
  cells['kind'] === 'amount' ? 'amount' : DEFAULT_DISCOUNT_KIND;

/** `appliesTo` of a discount on the whole quote. */
export const WHOLE_QUOTE = 'quote';

/** The id of the line that a discount is for, or {@link WHOLE_QUOTE}, also where it names none. */
export function targetOfDiscount(cells: Cells): string {
  const target = cells['appliesTo'];
  return typeof target === 'string' && isId(target) ? target : WHOLE_QUOTE;
}

/** A percentage from 0 to 100; anything else reads as none. */
export function percentOf(value: CellValue | undefined): Exact {
  const percent = readDecimal(value);
  return percent === null || percent.lt(0) || percent.gt(100) ? ZERO : percent;
}

/** What a discount takes off `base`, exactly; never more than there is. */
export function amountOff(base: Exact, cells: Cells): Exact {
  if (kindOfDiscount(cells) === 'percent') return shareOf(base, percentOf(cells['value']));
  const amount = readDecimal(cells['value']);
  return amount === null || amount.lte(0) || base.lte(0) ? ZERO : Exact.min(amount, base);
}

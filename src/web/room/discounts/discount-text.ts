import type { CellText } from '../../cell/cell-draft.ts';
import { formatCellText } from '../../grid/clipboard/format-cell-text.ts';
import { readCellText } from '../../grid/clipboard/read-cell-text.ts';
import type { DiscountKind } from '../../../quote/discount.ts';

/** A discount's value as people write it: a percentage is read like one of a line, an amount like a price. */
export function discountText(kind: DiscountKind, currency: string, locale?: string): CellText {
  const column = kind === 'percent' ? 'discountPercent' : 'unitPrice';
  return {
    show: (value) => formatCellText(column, value, locale),
    read: (text) => readCellText(column, text, { currency, locale }),
  };
}

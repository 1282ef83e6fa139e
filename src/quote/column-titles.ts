import { parseCellId } from './cell.ts';

/** The columns as people know them. A free column `x_delivery_time` reads "Delivery time". */
const COLUMN_TITLES: Readonly<Record<string, string>> = {
  'fields/title': 'Title',
  'fields/customer': 'Customer',
  'fields/contact': 'Contact',
  'fields/owner': 'Owner',
  'fields/currency': 'Currency',
  'fields/validUntil': 'Valid until',
  'fields/paymentTerms': 'Payment terms',
  'fields/status': 'Status',
  'fields/rounding': 'Rounding',
  'lineItems/position': 'Place',
  'lineItems/removed': 'Removed',
  'lineItems/sku': 'SKU',
  'lineItems/name': 'Name',
  'lineItems/description': 'Description',
  'lineItems/quantity': 'Quantity',
  'lineItems/unit': 'Unit',
  'lineItems/unitPrice': 'Unit price',
  'lineItems/discountPercent': 'Discount',
  'lineItems/group': 'Group',
  'lineItems/optional': 'Optional',
  'discounts/position': 'Place',
  'discounts/removed': 'Removed',
  'discounts/label': 'Label',
  'discounts/kind': 'Kind',
  'discounts/value': 'Value',
  'discounts/appliesTo': 'Applies to',
  'notes/position': 'Place',
  'notes/removed': 'Removed',
  'notes/author': 'Author',
  'notes/audience': 'Audience',
};

export function columnTitle(root: string, column: string): string {
  const known = COLUMN_TITLES[`${root}/${column}`];
  if (known !== undefined) return known;
  const words = column.replace(/^x_/, '').replaceAll('_', ' ').trim();
  return words === '' ? column : words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * A cell as people know it: "Discount of Roller 80 x 1200 mm", "Payment terms". `rowName` gives the name of a row by
 * its root and id, null where it has none.
 */
export function cellTitle(cellId: string, rowName: (root: string, row: string) => string | null): string {
  const cell = parseCellId(cellId);
  if (cell === null) return cellId.startsWith('note/') ? 'Note' : cellId;
  const title = columnTitle(cell.root, cell.column);
  if (cell.row === null) return title;
  return `${title} of ${rowName(cell.root, cell.row) ?? ROW_TITLES[cell.root]}`;
}

const ROW_TITLES = { lineItems: 'a line', discounts: 'a discount', notes: 'a note' } as const;

import type { LineTotal, Totals } from '../quote/pricing.ts';
import type { Row, Snapshot } from '../quote/snapshot.ts';
import { fit, plain } from './plain-text.ts';
import { type TableColumn, renderTable, renderTableWithin } from './table.ts';

/**
 * The line items of a quote in so many columns of the terminal. A number is shown whole or not at all: names and SKUs
 * give way first; where that is not enough each line item takes two rows, its text above its numbers; and where not
 * even those fit, whole columns of numbers are left out, the net amount last. The first element is the header.
 */
export function renderLineItems({ lineItems }: Snapshot, { lines }: Totals, width: number): string[][] {
  if (lineItems.length === 0) return [['  No lines yet.']];
  const priced = new Map(lines.map((line) => [line.id, line]));
  const items = lineItems.map((row) => partsOf(row, priced.get(row.id)));
  const inner = width - INDENT.length;
  const oneRow = renderTableWithin(
    [...NAMES, ...NUMBERS],
    items.map(({ names, numbers }) => [...names, ...numbers]),
    inner,
  );
  const table = oneRow === null ? inTwoRows(items, inner) : oneRow.map((line) => [line]);
  return table.map((rows) => rows.map((line) => INDENT + line));
}

const INDENT = '  ';

const NAMES: readonly TableColumn[] = [
  { title: 'Line', widthMax: 64 },
  { title: 'SKU', widthMax: 16, widthMin: 8 },
  { title: 'Name', widthMax: 40, widthMin: 12 },
];

/** What is made of numbers, and whether the line counts. */
const NUMBERS: readonly TableColumn[] = [
  { title: 'Quantity', align: 'right' },
  { title: 'Unit', widthMax: 10 },
  { title: 'Unit price', align: 'right' },
  { title: 'Discount', align: 'right' },
  { title: 'Net', align: 'right' },
  { title: '' },
];

/** Which of `NUMBERS` there are, from all of them to the last that is given up. */
const NUMBERS_BY_WIDTH: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5],
  [0, 2, 3, 4, 5],
  [0, 2, 4, 5],
  [0, 4, 5],
  [4, 5],
  [4],
];

interface Item {
  readonly names: readonly string[];
  readonly numbers: readonly string[];
}

function partsOf({ id, cells }: Row, line: LineTotal | undefined): Item {
  const percent = line === undefined || line.discountPercent === '0' ? '' : `${line.discountPercent} %`;
  return {
    names: [id, textOf(cells['sku']), textOf(cells['name'])],
    numbers: [
      line?.quantity ?? '',
      textOf(cells['unit']),
      line?.unitPrice ?? '',
      percent,
      line?.net ?? '',
      cells['removed'] === true ? 'removed' : line?.optional === true ? 'optional' : '',
    ],
  };
}

/** The second row begins further in, so that the first of each item is found at a glance. */
function inTwoRows(items: readonly Item[], width: number): string[][] {
  const texts = items.map(({ names }) => names);
  const idWidth = uniqueWidth(texts.map(([id = '']) => id));
  const shortened = NAMES.map((column, index) => (index === 0 ? { ...column, widthMin: idWidth } : column));
  const first =
    renderTableWithin(NAMES, texts, width) ??
    renderTableWithin(shortened, texts, width) ??
    renderTable(shortened, texts).map((text) => fit(text, Math.max(0, width)));
  const second = renderNumbers(items, width - INDENT.length);
  return first.map((text, index) => {
    const numbers = second[index] ?? '';
    return numbers === '' ? [text] : [text, INDENT + numbers];
  });
}

const [ID_CHARS_MIN, ID_CHARS_MAX] = [8, 64];

/** How wide ids must be so that their beginnings still differ, with the ellipsis after them. */
function uniqueWidth(ids: readonly string[]): number {
  const all = new Set(ids).size;
  let chars = ID_CHARS_MIN;
  while (chars < ID_CHARS_MAX && new Set(ids.map((id) => id.slice(0, chars))).size < all) chars += 1;
  return chars + 1;
}

function renderNumbers(items: readonly Item[], width: number): string[] {
  for (const shown of NUMBERS_BY_WIDTH) {
    const columns = NUMBERS.filter((_, index) => shown.includes(index));
    const rows = items.map(({ numbers }) => numbers.filter((_, index) => shown.includes(index)));
    const table = renderTableWithin(columns, rows, width);
    if (table !== null) return table;
  }
  return [];
}

const FREE_COLUMNS_SHOWN = 8;

/** Columns of somebody's own have no place in the table; nobody should think that they were lost. */
export function describeFreeColumns({ lineItems }: Snapshot): string[] {
  const names = new Set<string>();
  for (const { cells } of lineItems) {
    for (const [name, value] of Object.entries(cells)) {
      if (name.startsWith('x_') && value !== null) names.add(name);
    }
  }
  if (names.size === 0) return [];
  const more = names.size - FREE_COLUMNS_SHOWN;
  const some = [...names].slice(0, FREE_COLUMNS_SHOWN).join(', ');
  const list = more > 0 ? `${some} and ${more} more` : some;
  return [plain(`${INDENT}Further columns, in "quote show --json": ${list}`)];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

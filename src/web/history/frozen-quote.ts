import type { CellValue } from '../../quote/cell.ts';
import type { QuoteJson } from '../../wire/http-schemas.ts';
import { type PlannedRow, planRows, sumAmounts } from '../grid/row-plan.ts';
import type { Tints } from './tints.ts';

/** A quote as it was, ready to be shown: lines in their groups, priced, with what was removed where it stood. */
export interface FrozenQuote {
  /** Like the grid's own plan; removed lines have the number 0. */
  readonly plan: readonly Exclude<PlannedRow, { kind: 'new' }>[];
  readonly lines: ReadonlyMap<string, FrozenRow>;
  readonly discounts: readonly FrozenRow[];
  readonly notes: readonly (FrozenRow & { readonly text: string })[];
  readonly freeColumns: readonly string[];
  readonly nets: ReadonlyMap<string, string>;
  /** Of a group, by the key of its heading. */
  readonly subtotals: ReadonlyMap<string, string>;
  /** Removed lines that are not shown. */
  readonly hiddenCount: number;
}

export interface FrozenRow {
  readonly id: string;
  readonly cells: Readonly<Record<string, CellValue>>;
  readonly isRemoved: boolean;
}

/** Of what was removed, only what the tints tell of is shown, or all. */
export function frozenQuoteOf(
  quote: QuoteJson,
  { tints, withRemoved }: { readonly tints: Tints; readonly withRemoved: boolean },
): FrozenQuote {
  const shown = <R extends FrozenRow>(root: string, rows: readonly R[]): R[] =>
    rows.filter(({ id, isRemoved }) => !isRemoved || withRemoved || tints.rows.has(`${root}/${id}`));
  const all = quote.lineItems.map(frozenRow);
  const lines = shown('lineItems', all);
  const byId = new Map(lines.map((line) => [line.id, line]));
  const plan = numbered(
    planRows(lines.map(({ id, cells }) => ({ id, group: textOf(cells['group']).trim() }))),
    byId,
  );
  const priced = new Map(quote.totals.lines.map((line) => [line.id, line]));
  const decimals = quote.totals.subtotal.split('.')[1]?.length ?? 0;
  const zero = decimals === 0 ? '0' : `0.${'0'.repeat(decimals)}`;
  const counted = (id: string): string => {
    const line = priced.get(id);
    return line === undefined || line.optional ? zero : line.net;
  };
  return {
    plan,
    lines: byId,
    discounts: shown('discounts', quote.discounts.map(frozenRow)),
    notes: shown(
      'notes',
      quote.notes.map(({ text, ...row }) => ({ ...frozenRow(row), text })),
    ),
    freeColumns: freeColumnsOf(lines),
    nets: new Map(quote.totals.lines.map(({ id, net }) => [id, net])),
    subtotals: new Map(
      plan.flatMap((row) =>
        row.kind === 'group' ? [[row.key, sumAmounts(row.lines.map(counted))] as const] : [],
      ),
    ),
    hiddenCount: all.length - lines.length,
  };
}

const frozenRow = ({
  id,
  ...cells
}: Readonly<Record<string, CellValue>> & { readonly id: string }): FrozenRow => ({
  id,
  cells,
  isRemoved: cells['removed'] === true,
});

/** Only what is on the quote counts. */
function numbered(plan: readonly PlannedRow[], lines: ReadonlyMap<string, FrozenRow>): FrozenQuote['plan'] {
  let number = 0;
  const isOnQuote = (id: string): boolean => lines.get(id)?.isRemoved === false;
  return plan.flatMap((row): FrozenQuote['plan'] => {
    if (row.kind === 'new') return [];
    if (row.kind === 'group') return [{ ...row, lines: row.lines.filter(isOnQuote) }];
    if (!isOnQuote(row.id)) return [{ ...row, number: 0 }];
    number += 1;
    return [{ ...row, number }];
  });
}

function freeColumnsOf(rows: readonly FrozenRow[]): readonly string[] {
  const found = new Set<string>();
  for (const { cells } of rows) for (const column in cells) if (column.startsWith('x_')) found.add(column);
  return [...found].toSorted();
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What rows are called, by `lineItems/l1`; a line without a name goes by its number. Empty where there is nothing. */
export function rowNamesOf(quote: QuoteJson): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  let number = 0;
  for (const row of quote.lineItems) {
    if (row['removed'] !== true) number += 1;
    const name = firstText(row, ['name', 'sku', 'description']);
    const isOnQuote = row['removed'] !== true;
    names.set(`lineItems/${row.id}`, name === '' && isOnQuote ? `line ${number}` : name);
  }
  for (const row of quote.discounts) names.set(`discounts/${row.id}`, firstText(row, ['label']));
  for (const row of quote.notes) names.set(`notes/${row.id}`, firstText(row, ['author']));
  return names;
}

const firstText = (row: Readonly<Record<string, CellValue>>, columns: readonly string[]): string =>
  columns.map((column) => textOf(row[column]).trim()).find((text) => text !== '') ?? '';

/** In the order of the room's card. */
export const CARD_FIELDS = [
  'customer',
  'contact',
  'owner',
  'status',
  'currency',
  'validUntil',
  'paymentTerms',
  'rounding',
];

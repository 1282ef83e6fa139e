import type { Totals } from '../quote/pricing.ts';
import type { Row, Snapshot } from '../quote/snapshot.ts';
import { plain, widthOf } from './plain-text.ts';
import { type TableColumn, pad, renderTable } from './table.ts';

/** A quote as lines of text: what it says at the top, its lines with their prices, what it adds up to, its notes. */
export function renderQuote(snapshot: Snapshot, totals: Totals): string[] {
  const { fields, notes } = snapshot;
  return [
    plain(text(fields['title']) || 'Untitled quote'),
    ...renderFields(fields),
    '',
    ...renderLines(snapshot, totals),
    ...renderSums(snapshot, totals),
    ...(notes.length === 0
      ? []
      : ['', 'Notes', ...notes.map(({ cells, text: body }) => `  ${who(cells)}${plain(body)}`)]),
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

const LINE_COLUMNS: readonly TableColumn[] = [
  { title: 'Line', widthMax: 64 },
  { title: 'SKU', widthMax: 16 },
  { title: 'Name', widthMax: 40 },
  { title: 'Quantity', align: 'right' },
  { title: 'Unit', widthMax: 10 },
  { title: 'Unit price', align: 'right' },
  { title: 'Discount', align: 'right' },
  { title: 'Net', align: 'right' },
  { title: '' },
];

function renderLines({ lineItems }: Snapshot, { lines }: Totals): string[] {
  if (lineItems.length === 0) return ['  No lines yet.'];
  const priced = new Map(lines.map((line) => [line.id, line]));
  const rows = lineItems.map(({ id, cells }) => {
    const line = priced.get(id);
    const percent = line === undefined || line.discountPercent === '0' ? '' : `${line.discountPercent} %`;
    return [
      id,
      text(cells['sku']),
      text(cells['name']),
      line?.quantity ?? '',
      text(cells['unit']),
      line?.unitPrice ?? '',
      percent,
      line?.net ?? '',
      cells['removed'] === true ? 'removed' : line?.optional === true ? 'optional' : '',
    ];
  });
  return renderTable(LINE_COLUMNS, rows).map((line) => `  ${line}`);
}

function renderSums({ discounts }: Snapshot, totals: Totals): string[] {
  const byId = new Map(discounts.map((row) => [row.id, row]));
  const sums = [
    ['Subtotal', totals.subtotal],
    ...totals.discounts.map(({ id, label, amount }) => [
      label || describeDiscount(byId.get(id)),
      negated(amount),
    ]),
    [`Total${totals.currency === '' ? '' : ` ${totals.currency}`}`, totals.total],
  ].map(([label = '', amount = '']) => [plain(label), amount] as const);
  const labelWidth = Math.max(...sums.map(([label]) => widthOf(label)));
  const amountWidth = Math.max(...sums.map(([, amount]) => amount.length));
  return [
    '',
    ...sums.map(
      ([label, amount]) => `  ${pad(label, labelWidth, 'left')}  ${pad(amount, amountWidth, 'right')}`,
    ),
  ];
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

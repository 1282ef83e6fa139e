import type { QuoteClient } from '../../client/connect-quote.ts';
import { createListeners } from '../room/listeners.ts';
import { type PlannedRow, isSamePlan, planRows, sumAmounts } from './row-plan.ts';

/**
 * What the grid derives from the whole quote, once per change: which rows there are, what each line costs, the subtotal
 * of each group, which free columns occur. Whoever shows one of these hears only when it became another one.
 */
export interface LineSheet {
  /** The same array until rows come, go, move or change their group. */
  plan(): readonly PlannedRow[];
  /** Ids of the lines, in order. */
  lineIds(): readonly string[];
  /** Free columns (`x_*`) that some line has, by name; the same array until it changes. */
  freeColumns(): readonly string[];
  /** A line's net as a decimal string; empty for a line that is not there. */
  netOf(line: string): string;
  /** Of a group, by the key of its heading: the sum of the nets that are not optional. */
  subtotalOf(group: string): string;
  /** `rows` (plan and columns), `net l1`, `subtotal l1`. */
  observe(what: string, listener: () => void): () => void;
  /** Follows the quote until the returned function is called. */
  start(): () => void;
}

interface Derived {
  readonly plan: readonly PlannedRow[];
  readonly lineIds: readonly string[];
  readonly freeColumns: readonly string[];
  readonly nets: ReadonlyMap<string, string>;
  readonly subtotals: ReadonlyMap<string, string>;
}

export function createLineSheet(quote: Pick<QuoteClient, 'snapshot' | 'totals' | 'observe'>): LineSheet {
  const listeners = createListeners<string>();
  let now = derive(quote, null);

  function renew(): void {
    const before = now;
    now = derive(quote, before);
    if (now.plan !== before.plan || now.freeColumns !== before.freeColumns) listeners.call('rows');
    callChanged('net', before.nets, now.nets);
    callChanged('subtotal', before.subtotals, now.subtotals);
  }

  function callChanged(
    what: string,
    was: ReadonlyMap<string, string>,
    is: ReadonlyMap<string, string>,
  ): void {
    for (const [id, amount] of is) if (was.get(id) !== amount) listeners.call(`${what} ${id}`);
  }

  return {
    plan: () => now.plan,
    lineIds: () => now.lineIds,
    freeColumns: () => now.freeColumns,
    netOf: (line) => now.nets.get(line) ?? '',
    subtotalOf: (group) => now.subtotals.get(group) ?? '',
    observe: listeners.add,
    start() {
      renew();
      return quote.observe('all', renew);
    },
  };
}

function derive(quote: Pick<QuoteClient, 'snapshot' | 'totals'>, before: Derived | null): Derived {
  const { lineItems } = quote.snapshot();
  const { lines } = quote.totals();
  const planned = planRows(
    lineItems.map(({ id, cells }) => {
      const { group } = cells;
      return { id, group: typeof group === 'string' ? group.trim() : '' };
    }),
  );
  const isSame = before !== null && isSamePlan(before.plan, planned);
  const plan = isSame ? before.plan : planned;
  const free = freeColumnsOf(lineItems.map(({ cells }) => cells));
  return {
    plan,
    lineIds: isSame ? before.lineIds : plan.flatMap((row) => (row.kind === 'line' ? [row.id] : [])),
    freeColumns:
      before !== null && before.freeColumns.join(' ') === free.join(' ') ? before.freeColumns : free,
    nets: new Map(lines.map(({ id, net }) => [id, net])),
    subtotals: subtotalsOf(plan, lines),
  };
}

function subtotalsOf(
  plan: readonly PlannedRow[],
  lines: readonly { readonly id: string; readonly optional: boolean; readonly net: string }[],
): ReadonlyMap<string, string> {
  const counted = new Map(lines.map(({ id, optional, net }) => [id, optional ? zeroLike(net) : net]));
  return new Map(
    plan.flatMap((row) =>
      row.kind === 'group' ? [[row.key, sumAmounts(row.lines.map((id) => counted.get(id) ?? '0'))]] : [],
    ),
  );
}

/** Nothing, with the currency's decimals. */
const zeroLike = (amount: string): string =>
  amount
    .replace('-', '')
    .replaceAll(/\d/g, '0')
    .replace(/^0+(?=0)/, '');

function freeColumnsOf(rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const found = new Set<string>();
  for (const cells of rows) for (const column in cells) if (column.startsWith('x_')) found.add(column);
  return [...found].toSorted();
}

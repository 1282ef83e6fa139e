/**
 * What the grid shows from top to bottom: the lines in their order, never another, and before each run of lines of one
 * group a heading with its name and subtotal. Lines without a group get a heading only where they follow a group, so that
 * nobody takes them for part of it. At the end stands the row that adds a line.
 */
export type PlannedRow =
  | { readonly kind: 'line'; readonly id: string; readonly number: number; readonly isGrouped: boolean }
  | {
      readonly kind: 'group';
      /** Of its first line: two runs may have the same name. */
      readonly key: string;
      readonly name: string;
      readonly lines: readonly string[];
    }
  | { readonly kind: 'new' };

export interface LineInGroup {
  readonly id: string;
  /** Empty where the line is in none. */
  readonly group: string;
}

export function planRows(lines: readonly LineInGroup[]): readonly PlannedRow[] {
  const rows: PlannedRow[] = [];
  let number = 0;
  for (const run of runsOf(lines)) {
    const [first] = run;
    if (first === undefined) continue;
    const hasHeading = first.group !== '' || number > 0;
    if (hasHeading) {
      rows.push({ kind: 'group', key: first.id, name: first.group, lines: run.map(({ id }) => id) });
    }
    for (const { id } of run) {
      number += 1;
      rows.push({ kind: 'line', id, number, isGrouped: first.group !== '' });
    }
  }
  rows.push({ kind: 'new' });
  return rows;
}

/** Lines one after another that are in the same group. */
function runsOf(lines: readonly LineInGroup[]): readonly (readonly LineInGroup[])[] {
  const runs: LineInGroup[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run?.[0]?.group === line.group) run.push(line);
    else runs.push([line]);
  }
  return runs;
}

export const isSamePlan = (a: readonly PlannedRow[], b: readonly PlannedRow[]): boolean =>
  a.length === b.length && a.every((row, at) => isSameRow(row, b[at]));

function isSameRow(a: PlannedRow, b: PlannedRow | undefined): boolean {
  if (b === undefined || a.kind !== b.kind) return false;
  if (a.kind === 'line' && b.kind === 'line') {
    return a.id === b.id && a.number === b.number && a.isGrouped === b.isGrouped;
  }
  if (a.kind === 'group' && b.kind === 'group') {
    return (
      a.key === b.key &&
      a.name === b.name &&
      a.lines.length === b.lines.length &&
      a.lines.every((id, at) => id === b.lines[at])
    );
  }
  return true;
}

/** The key that React and the virtual list know a row by. */
export const rowKey = (row: PlannedRow): string =>
  row.kind === 'line' ? row.id : row.kind === 'group' ? `group ${row.key}` : 'new';

/** Adds decimal strings that have the same number of decimals, as the nets of one quote do. Exact. */
export function sumAmounts(amounts: readonly string[]): string {
  const decimals = Math.max(0, ...amounts.map((amount) => amount.split('.')[1]?.length ?? 0));
  const sum = amounts.reduce((total, amount) => total + unitsOf(amount, decimals), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return sum < 0n ? `-${text}` : text;
}

function unitsOf(amount: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

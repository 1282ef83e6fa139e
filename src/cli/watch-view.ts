import type { QuoteClient, SaveState } from '../client/connect-quote.ts';
import type { Totals } from '../quote/pricing.ts';
import type { Row, Snapshot } from '../quote/snapshot.ts';
import { fit, plain, plainValue, wrap } from './plain-text.ts';
import { renderQuoteParts } from './render-quote.ts';
import { describeVerdict } from './verdict-text.ts';

/** A live quote at one moment, as plain data: what is drawn, and what changes are read from. */
export interface WatchView {
  readonly quoteId: string;
  readonly snapshot: Snapshot;
  readonly totals: Totals;
  /** One line for each other person. */
  readonly people: readonly string[];
  /** What became of one's own writes, oldest first. */
  readonly verdicts: readonly string[];
  readonly connection: string;
}

export const readWatchView = (quote: QuoteClient): WatchView => ({
  quoteId: quote.quoteId,
  snapshot: quote.snapshot(),
  totals: quote.totals(),
  people: [...new Set(quote.presence.others().map(describePerson))],
  verdicts: quote.verdicts().map(describeVerdict),
  connection: describeConnection(quote.state()),
});

function describePerson({
  user,
  cell,
  editing,
  status,
}: ReturnType<QuoteClient['presence']['others']>[number]): string {
  const where = editing ? `editing ${editing}` : cell ? `at ${cell}` : (status ?? 'here');
  return plain(`${user.name} (${user.role}), ${where}`);
}

export function describeConnection(state: SaveState): string {
  if (state.kind === 'offline') return state.because?.message ?? 'connecting';
  return state.kind === 'readonly' && state.because.kind === 'closed'
    ? state.because.closure.message
    : 'live';
}

const VERDICTS_SHOWN = 5;

/** Nobody's text takes more rows than this. */
const TEXT_ROWS_MAX = 6;

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The whole screen. Money is never cut: text wraps, and where there are too few rows, line items are left out before
 * the sums under them.
 */
export function renderScreen(view: WatchView, { columns, rows }: Size): string[] {
  const { people, verdicts } = view;
  const quote = renderQuoteParts(view.snapshot, view.totals, columns);
  const wrapped = (lines: readonly string[]): string[] =>
    lines.flatMap((line) => wrap(fit(line, columns * TEXT_ROWS_MAX), columns).slice(0, TEXT_ROWS_MAX));
  const top = [
    ...wrapped([`${view.quoteId} - ${view.connection} - Ctrl+C leaves`]),
    '',
    ...wrapped([quote.title, ...quote.fields]),
    '',
  ];
  const bottom = [
    ...wrapped(quote.freeColumns),
    '',
    ...quote.sums,
    ...(quote.notes.length === 0 ? [] : ['', ...wrapped(quote.notes)]),
    '',
    ...wrapped(people.length === 0 ? ['Nobody else is here.'] : people),
    ...(verdicts.length === 0 ? [] : ['', ...wrapped(verdicts.slice(-VERDICTS_SHOWN))]),
  ];
  const items = firstItems(quote.lineItems, rows - top.length - bottom.length);
  const lines = [...top, ...items, ...bottom];
  const shown = lines.length > rows ? [...lines.slice(0, rows - 1), '...'] : lines;
  return shown.map((line) => fit(line, columns));
}

/** As many line items as the rows hold, and how many are left out; at least the first one. */
function firstItems(items: readonly (readonly string[])[], rows: number): string[] {
  if (items.flat().length <= rows) return items.flat();
  const shown: string[] = [];
  let count = 0;
  for (const item of items) {
    if (count > 1 && shown.length + item.length > rows - 1) break;
    shown.push(...item);
    count += 1;
  }
  const left = items.length - count;
  return left === 0 ? shown : [...shown, `  ... and ${left} more`];
}

/** What is different, one line each, for where lines can only be added. */
export function describeChanges(before: WatchView, after: WatchView): string[] {
  const total = ({ totals }: WatchView): string => `${totals.total} ${totals.currency}`.trim();
  return [
    ...(before.connection === after.connection ? [] : [after.connection]),
    ...changedCells(before.snapshot, after.snapshot),
    ...(total(before) === total(after) ? [] : [`total: ${total(before)} -> ${total(after)}`]),
    ...after.people.filter((line) => !before.people.includes(line)),
    ...before.people
      .filter((line) => !after.people.some((other) => nameOf(other) === nameOf(line)))
      .map((line) => `${nameOf(line)} left`),
    ...after.verdicts.slice(newFrom(before.verdicts, after.verdicts)),
  ];
}

const nameOf = (line: string): string => line.slice(0, line.lastIndexOf(', '));

/** The list keeps its newest hundred, so what is new comes after the newest that was there before. */
const newFrom = (before: readonly string[], after: readonly string[]): number =>
  after.length > before.length ? before.length : after.lastIndexOf(before.at(-1) ?? '') + 1;

function changedCells(before: Snapshot, after: Snapshot): string[] {
  const [old, now] = [cellsOf(before), cellsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((cell) => old.get(cell) !== now.get(cell))
    .map((cell) => `${plain(cell)}: ${plainValue(old.get(cell))} -> ${plainValue(now.get(cell))}`);
}

function cellsOf({ fields, lineItems, discounts, notes }: Snapshot): Map<string, unknown> {
  const cells = new Map<string, unknown>(
    Object.entries(fields).map(([name, value]) => [`fields/${name}`, value]),
  );
  const addRows = (root: string, rows: readonly Row[]): void => {
    for (const row of rows) {
      for (const [column, value] of Object.entries(row.cells))
        cells.set(`${root}/${row.id}/${column}`, value);
    }
  };
  addRows('lineItems', lineItems);
  addRows('discounts', discounts);
  addRows('notes', notes);
  for (const { id, text } of notes) if (text !== '') cells.set(`note/${id}`, text);
  return cells;
}

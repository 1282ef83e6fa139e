import type { CellValue, Foreseen, Write } from '../../../client/connect-quote.ts';
import { defaultLimits } from '../../../lib/limits.ts';
import { rowCell } from '../../../quote/cell.ts';
import { type NumberAt, settleDecimalSign } from '../../../quote/csv-numbers.ts';
import { isCurrencyCode } from '../../../quote/currency.ts';
import type { DecimalSign } from '../../../quote/import-result.ts';
import { readLineNumber } from '../../../quote/line-text.ts';
import { decimalSignOf } from '../../../quote/written-number.ts';
import { columnTitle } from '../../../quote/column-titles.ts';
import type { GridAxes, GridSelection } from '../selection.ts';
import { decimalSignOfLocale } from './decimal-sign.ts';
import { type PasteLayout, type PlacedText, layOutPaste } from './lay-out-paste.ts';
import type { LeftOut } from './left-out.ts';
import { readCellText } from './read-cell-text.ts';

/** What the grid and the quote are like where something is pasted. */
export interface PasteTarget {
  readonly axes: GridAxes;
  readonly selection: GridSelection;
  readonly readCell: (cell: string) => CellValue;
  /** What the server would say to a value. Asked of the cells of new lines too, by ids that no line has. */
  readonly ask: (cell: string, value: CellValue) => Foreseen;
  /** The quote's; empty where it has none. */
  readonly currency: string;
  /** Lines that were ever made: removed ones count for the limit. */
  readonly linesMade: number;
  /** The group that new lines come into, unless the block has groups of its own; empty for none. */
  readonly group: string;
  readonly locale?: string | undefined;
}

export type PastePlan =
  | {
      readonly kind: 'paste';
      readonly writes: readonly Write[];
      /** Cells by column of each new line, to be added at the end. */
      readonly newRows: readonly Readonly<Record<string, CellValue>>[];
      readonly leftOut: readonly LeftOut[];
      /** Lines that the block touches, new ones counted. */
      readonly lineCount: number;
    }
  /** Some number could be two, and no other number of the block tells which: a person must. */
  | {
      readonly kind: 'ambiguous';
      readonly text: string;
      readonly readings: Readonly<Record<DecimalSign, string | null>>;
    }
  | { readonly kind: 'nothing'; readonly why: string };

const LINES_MAX = defaultLimits.lineItems;
const SOME_NEW_LINE = 'new';

/** Pure. `decimal` is the sign that the block's numbers are known to have, once a person has told. */
export function planPaste(
  block: readonly (readonly string[])[],
  target: PasteTarget,
  decimal?: DecimalSign,
): PastePlan {
  const layout = layOutPaste(block, target);
  if (layout.lineCount === 0) return { kind: 'nothing', why: 'There was nothing to paste.' };
  const problem = limitProblem(layout, target) ?? currencyProblem(layout, target);
  if (problem !== null) return { kind: 'nothing', why: problem };
  const settled = decimal ?? settle(layout.cells, target.locale);
  return typeof settled === 'string' ? planWith(layout, target, settled) : settled;
}

function limitProblem({ cells }: PasteLayout, { linesMade }: PasteTarget): string | null {
  const added = new Set(cells.filter(({ row }) => row === null).map(({ line }) => line)).size;
  if (added === 0 || linesMade + added <= LINES_MAX) return null;
  const free = Math.max(0, LINES_MAX - linesMade);
  return (
    `Nothing was pasted: that would add ${added} lines, and this quote takes ${free} more ` +
    `(at most ${LINES_MAX}, removed ones counted). Paste fewer lines, or use a second quote.`
  );
}

function currencyProblem({ currencies }: PasteLayout, { currency }: PasteTarget): string | null {
  const others = currencies.filter((code) => code !== currency);
  if (others.length === 0 || (currency === '' && currencies.length === 1)) return null;
  return currency === ''
    ? `Nothing was pasted: the prices are in ${currencies.join(' and ')}, and a quote has one currency.`
    : `Nothing was pasted: the prices are in ${others.join(' and ')}, and this quote is in ${currency}.`;
}

/** The decimal sign of the whole block; alone, a number is read as if it had been typed. */
function settle(
  cells: readonly PlacedText[],
  locale: string | undefined,
): DecimalSign | Extract<PastePlan, { kind: 'ambiguous' }> {
  const numbers = cells.flatMap(({ line, column, text }): NumberAt[] => {
    const number = readLineNumber(column, text.trim());
    return number.ok && number.value !== null ? [{ line, column, text, number: number.value }] : [];
  });
  if (new Set(numbers.map(({ text }) => text)).size < 2 && cells.length === numbers.length) {
    return decimalSignOfLocale(locale);
  }
  const settled = settleDecimalSign(numbers);
  if (settled.ok) return settled.value;
  const doubtful = numbers.find(({ number }) => decimalSignOf(number) === 'either');
  if (doubtful === undefined) return '.';
  return { kind: 'ambiguous', text: doubtful.text.trim(), readings: doubtful.number.readings };
}

function planWith(layout: PasteLayout, target: PasteTarget, decimal: DecimalSign): PastePlan {
  const writes: Write[] = [];
  const newRows = new Map<number, Record<string, CellValue>>();
  const leftOut: LeftOut[] = layout.leftOut.map(({ title, why }) => ({
    line: null,
    column: title,
    text: '',
    why,
  }));
  const { currency } = target;
  const given = givenCells(layout, target);
  for (const { line, row, column, text } of layout.cells) {
    const cell = rowCell('lineItems', row ?? SOME_NEW_LINE, column);
    const cells = newRows.get(line) ?? { ...given };
    if (row === null) newRows.set(line, cells);
    const leave = (why: string): void =>
      void leftOut.push({
        line,
        column: columnTitle('lineItems', column),
        text,
        why,
        ...(row !== null && { cell }),
      });

    const value = readCellText(column, text, { decimal, currency, locale: target.locale });
    if (!value.ok) {
      leave(value.reason);
      continue;
    }
    if (value.value === (row === null ? null : target.readCell(cell))) continue;
    const foreseen = target.ask(cell, value.value);
    if (foreseen.kind === 'closed') leave(foreseen.message);
    else if (row === null) cells[column] = value.value;
    else writes.push({ cell, value: value.value });
  }
  const [code] = layout.currencies;
  if (currency === '' && code !== undefined && isCurrencyCode(code)) {
    if (target.ask('fields/currency', code).kind === 'open')
      writes.push({ cell: 'fields/currency', value: code });
  }
  return { kind: 'paste', writes, newRows: [...newRows.values()], leftOut, lineCount: layout.lineCount };
}

/** What a new line has beside what was pasted. */
function givenCells(
  { cells }: PasteLayout,
  { group, ask }: PasteTarget,
): Readonly<Record<string, CellValue>> {
  const isOpen = ask(rowCell('lineItems', SOME_NEW_LINE, 'group'), group).kind === 'open';
  return group === '' || !isOpen || cells.some(({ column }) => column === 'group') ? {} : { group };
}

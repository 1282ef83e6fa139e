import { unreachable } from '../../../lib/assert.ts';
import { type CsvColumn, countKnownHeaders, readHeaders } from '../../../quote/csv-headers.ts';
import { NET } from '../grid-columns.ts';
import { type GridAxes, type GridSelection, NEW_ROW, rangeOf } from '../selection.ts';

/** Which cell each text of a pasted block is meant for, before anybody asks whether it fits there. */
export interface PasteLayout {
  /** Texts in order: by row, then by column. */
  readonly cells: readonly PlacedText[];
  /** Parts of the block that have no place here, and why. */
  readonly leftOut: readonly { readonly title: string; readonly why: string }[];
  /** Codes in a column of currencies, each once. */
  readonly currencies: readonly string[];
  /** Lines that the block touches, new ones counted. */
  readonly lineCount: number;
}

export interface PlacedText {
  /** Number of the line in the grid, from 1; new lines go on counting. */
  readonly line: number;
  /** The id of the line, or null for one that does not exist yet. */
  readonly row: string | null;
  readonly column: string;
  readonly text: string;
}

/** For one column of the block. */
type ColumnTarget =
  | { readonly kind: 'cell'; readonly column: string }
  /** Computed here anyway, so nobody misses it. */
  | { readonly kind: 'skip' }
  | { readonly kind: 'currency' }
  | { readonly kind: 'none'; readonly title: string; readonly why: string };

/**
 * As in a spreadsheet: the block begins at the top left of what is selected, and fills it where the selection is a
 * multiple of the block. What goes below the last line becomes new lines. A first row of known headers is no line: the columns
 * then go by their names.
 */
export function layOutPaste(
  block: readonly (readonly string[])[],
  { axes, selection }: { readonly axes: GridAxes; readonly selection: GridSelection },
): PasteLayout {
  const lines = axes.rows.filter((row) => row !== NEW_ROW);
  const range = rangeOf(selection, axes);
  const header = headerOf(block, lines.length === 0);
  const body = header === null ? block : block.slice(1);
  // Not spread into arguments: a block can have more rows than a call may have of those.
  const width = body.reduce((widest, row) => Math.max(widest, row.length), 0);
  const across = header === null ? timesIn(range.columns.length, width) : 1;
  const down = timesIn(range.rows.length, body.length);
  const firstLine = range.rows[0] === undefined ? lines.length : lines.indexOf(range.rows[0]);
  const firstColumn = Math.max(0, axes.columns.indexOf(range.columns[0] ?? ''));
  const targets =
    header?.map(targetOfHeader) ??
    Array.from({ length: width * across }, (_, index) => targetAt(axes.columns, firstColumn + index));

  const cells: PlacedText[] = [];
  const currencies = new Set<string>();
  const used = new Set<ColumnTarget>();
  let at = firstLine;
  for (let copy = 0; copy < down; copy += 1) {
    for (const texts of body) {
      if (at >= lines.length && texts.every((text) => text.trim() === '')) continue;
      for (const [index, target] of targets.entries()) {
        const text = texts[width === 0 ? index : index % width] ?? '';
        if (text.trim() !== '') used.add(target);
        if (target.kind === 'currency' && text.trim() !== '') currencies.add(text.trim().toUpperCase());
        if (target.kind !== 'cell') continue;
        cells.push({ line: at + 1, row: lines[at] ?? null, column: target.column, text });
      }
      at += 1;
    }
  }
  const leftOut = [...used].flatMap((target) =>
    target.kind === 'none' ? [{ title: target.title, why: target.why }] : [],
  );
  return { cells, leftOut, currencies: [...currencies], lineCount: at - firstLine };
}

const timesIn = (selected: number, size: number): number =>
  size > 0 && selected > 0 && selected % size === 0 ? selected / size : 1;

function targetAt(columns: readonly string[], index: number): ColumnTarget {
  const column = columns[index];
  if (column === NET) return { kind: 'skip' };
  if (column !== undefined) return { kind: 'cell', column };
  const title = `Column ${index - columns.length + 1} too many`;
  return { kind: 'none', title, why: 'There is no column this far to the right.' };
}

/** The columns that the first row names; null if it is a line like the others. */
function headerOf(block: readonly (readonly string[])[], isGridEmpty: boolean): readonly CsvColumn[] | null {
  const names = (block[0] ?? []).map((text) => text.trim());
  const known = countKnownHeaders(names);
  const isMost = known >= 2 && known * 2 >= names.filter((name) => name !== '').length;
  if (block.length < 2 || !(isMost || (isGridEmpty && known > 0))) return null;
  return readHeaders(names);
}

function targetOfHeader(header: CsvColumn): ColumnTarget {
  switch (header.kind) {
    case 'line':
    case 'free':
      return { kind: 'cell', column: header.column };
    case 'currency':
      return { kind: 'currency' };
    case 'discountAmount': {
      const why = 'This is money off; a line takes a discount in percent only.';
      return { kind: 'none', title: header.header, why };
    }
    case 'ignored':
      return { kind: 'none', title: header.header, why: 'Worked out here, or not kept in a quote.' };
    default:
      return unreachable(header);
  }
}

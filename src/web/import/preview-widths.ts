import type { ImportTable } from './import-table.ts';

/** Rows that are looked at for the width of their columns. */
const ROWS_LOOKED_AT = 50;
const CHARS_MIN = 8;
const CHARS_MAX = 32;
/** Of the letters that are used here, with the padding of a cell. */
const PX_PER_CHAR = 7.5;
const PADDING_PX = 18;

/** Widths by what stands in the columns; the last but one that is no number takes what is left over. */
export function templateOf({ columns, rows }: ImportTable): string {
  const widths = columns.map(({ header, meaning }, index) => {
    const texts = [header, meaning, ...rows.slice(0, ROWS_LOOKED_AT).map(({ cells }) => cells[index] ?? '')];
    const chars = Math.max(
      CHARS_MIN,
      Math.min(CHARS_MAX, ...[Math.max(...texts.map(({ length }) => length))]),
    );
    return Math.round(chars * PX_PER_CHAR + PADDING_PX);
  });
  const widest = widths.indexOf(Math.max(...widths));
  const tracks = widths.map((px, index) => (index === widest ? `minmax(${px}px, 1fr)` : `${px}px`));
  return ['56px', ...tracks, '112px'].join(' ');
}

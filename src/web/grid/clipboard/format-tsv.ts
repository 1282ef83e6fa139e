/**
 * A block of cells for the clipboard, the way back of `parseTsv`: a cell is quoted only where it must be. No line break
 * ends the last row, as people paste single cells into sentences, unless that row would be lost without it.
 */
export function formatTsv(rows: readonly (readonly string[])[]): string {
  const last = rows.at(-1);
  const needsBreak = last !== undefined && last.length === 1 && last[0] === '';
  return rows.map((row) => row.map(formatCell).join('\t')).join('\n') + (needsBreak ? '\n' : '');
}

const formatCell = (cell: string): string =>
  /[\t\n\r]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

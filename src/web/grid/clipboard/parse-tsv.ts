/**
 * A block of cells as Excel, Google Sheets and LibreOffice put it on the clipboard: tabs between cells, a line break
 * (CRLF or LF) after each row. A cell with a tab or a line break in it is quoted, its quotes doubled; any other may
 * have quotes as they are (`12" pipe`, `"A" grade`), so a quoted cell is one whose quotes close where the cell ends.
 * Line breaks inside a cell become `\n`. Rows may have different lengths.
 */
export function parseTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  if (text === '') return rows;
  for (;;) {
    const { cell, end } = readCell(text, at);
    row.push(cell);
    if (text[end] === '\t') {
      at = end + 1;
      continue;
    }
    rows.push(row);
    row = [];
    at = afterBreak(text, end);
    if (at >= text.length) return rows;
  }
}

/** `end` is the index of the tab or line break behind the cell, or the text's length. */
interface ReadCell {
  readonly cell: string;
  readonly end: number;
}

function readCell(text: string, from: number): ReadCell {
  const quoted = text[from] === '"' ? readQuoted(text, from) : null;
  if (quoted !== null) return quoted;
  const end = endOfPlain(text, from);
  return { cell: text.slice(from, end), end };
}

function readQuoted(text: string, from: number): ReadCell | null {
  let close = text.indexOf('"', from + 1);
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close === -1 || !isEnd(text[close + 1])) return null;
  const cell = text
    .slice(from + 1, close)
    .replaceAll('""', '"')
    .replaceAll(/\r\n?/g, '\n');
  return { cell, end: close + 1 };
}

const isEnd = (char: string | undefined): boolean =>
  char === undefined || char === '\t' || char === '\n' || char === '\r';

function endOfPlain(text: string, from: number): number {
  let end = from;
  while (!isEnd(text[end])) end += 1;
  return end;
}

const afterBreak = (text: string, at: number): number => at + (text.startsWith('\r\n', at) ? 2 : 1);

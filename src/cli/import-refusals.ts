import { present } from '../lib/assert.ts';
import type { CellId } from '../lib/ids.ts';
import { parseCellId, rowOf } from '../quote/cell.ts';
import type { ImportProblem, ImportResult, MayWrite } from '../quote/import-result.ts';
import type { ProblemDetail } from '../wire/http-schemas.ts';

/**
 * What a server said of a new quote, as problems of the file that it came from, in the form of those that are found
 * here. The server names places of the quote (`lineItems[1].quantity`); only reading the file again tells their lines
 * and columns. What is in no line of the file (a flag's value) keeps the server's name.
 */
export function placeRefusals(
  details: readonly ProblemDetail[],
  readAgain: (mayWrite: MayWrite) => ImportResult,
): readonly ImportProblem[] {
  const messages = new Map(details.map((detail) => [fieldOf(detail), detail.message]));
  const placed = new Set<string>();
  let rows: ReadonlyMap<string, number> | null = null;
  const again = readAgain((id, _value, cells) => {
    rows ??= numberRows(cells.keys());
    const field = placeOf(id, rows);
    const message = messages.get(field);
    if (message === undefined) return null;
    placed.add(field);
    return message;
  });
  const rest = details
    .filter((detail) => !placed.has(fieldOf(detail)))
    .map((detail): ImportProblem => ({ line: null, cell: fieldOf(detail), message: detail.message }));
  return [...rest, ...(again.ok ? [] : again.reason)];
}

/** Each row's number among those of its kind: rows come in their order, and each has a cell, its position. */
function numberRows(cells: Iterable<CellId>): Map<string, number> {
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const id of cells) {
    const cell = parseCellId(id);
    const row = cell === null ? null : rowOf(cell);
    if (cell === null || row === null || numbers.has(row)) continue;
    const number = counts.get(cell.root) ?? 0;
    numbers.set(row, number);
    counts.set(cell.root, number + 1);
  }
  return numbers;
}

/** A cell by its place in the body of `POST /api/quotes`. */
function placeOf(id: CellId, rows: ReadonlyMap<string, number>): string {
  const cell = present(parseCellId(id), 'a new quote has cells');
  const row = rowOf(cell);
  return row === null ? `fields.${cell.column}` : `${cell.root}[${rows.get(row) ?? ''}].${cell.column}`;
}

const fieldOf = ({ field, cell }: ProblemDetail): string => field ?? cell ?? '';

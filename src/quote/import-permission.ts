import { cellIdOf } from './cell.ts';
import type { ImportProblem, MayWrite, ProblemList } from './import-result.ts';
import { type CellSource, type NewQuote, cellsOfNewQuote } from './new-quote.ts';

/** Asks for each value of a new quote whether the importer may set it, and reports those that are refused at their place. */
export function checkPermission(
  quote: NewQuote,
  mayWrite: MayWrite | undefined,
  problems: ProblemList,
  placeOf: (source: CellSource) => Omit<ImportProblem, 'message'>,
): void {
  if (mayWrite === undefined) return;
  const cells = cellsOfNewQuote(quote, placeholderIds(quote)).cells.map(({ cell, ...rest }) => ({
    ...rest,
    id: cellIdOf(cell.root, cell.key),
  }));
  const values = new Map(cells.map(({ id, value }) => [id, value]));
  for (const { id, value, source } of cells) {
    const message = mayWrite(id, value, values);
    if (message !== null) problems.add({ ...placeOf(source), message });
  }
}

/** Rows have no ids yet, and no rule depends on which they will get. */
function placeholderIds({ lineItems, discounts, notes }: NewQuote): () => string {
  const given = new Set([...lineItems, ...discounts, ...notes].map(({ id }) => id));
  let count = 0;
  return () => {
    do count += 1;
    while (given.has(`new${count}`));
    return `new${count}`;
  };
}

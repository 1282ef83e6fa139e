import { type CellFilter, parseCellFilter } from '../audit/cell-filter.ts';
import { invalidRequest } from './problem.ts';

/** What `cell` in a query asks for; throws where no cell is meant by it. */
export function cellsOf(text: string): CellFilter {
  const cells = parseCellFilter(text);
  if (cells.ok) return cells.value;
  throw invalidRequest([{ field: 'cell', message: cells.reason }]);
}

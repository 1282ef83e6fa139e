import { type CellFilter, parseCellFilter } from '../audit/cell-filter.ts';
import { UsageError } from './command-errors.ts';

/** The cells that a person named with a flag: `fields/title`, `lineItems/l1`, `lineItems/*` + `/quantity`. */
export function cellsOf(flag: string, text: string): CellFilter {
  const cells = parseCellFilter(text);
  if (cells.ok) return cells.value;
  throw new UsageError(`${flag} ${cells.reason}, not "${text}"`);
}

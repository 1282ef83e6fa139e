import type { CellValue } from './cell.ts';
import { Exact } from './money.ts';

/** What a program offers as a cell's value. */
export type JsonValue = string | number | boolean | null;

/** As the cell would hold it: a JSON number is the shortest decimal that means it, without an exponent. */
export const cellValueOf = (value: JsonValue): CellValue =>
  typeof value === 'number' ? decimalOf(value) : value;

const decimalOf = (number: number): string => (number === 0 ? '0' : new Exact(number).toFixed());

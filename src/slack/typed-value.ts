import { type Result, fail, ok } from '../lib/result.ts';
import { type CellValue, parseCellId } from '../quote/cell.ts';
import { STATUSES } from '../quote/columns.ts';
import { STATUS_TITLES } from '../quote/status-titles.ts';
import { readWrittenNumber } from '../quote/written-number.ts';

/**
 * What a person typed for a cell, as its value: "1,200.50" and "15 %" for numbers, "yes" and "no", "In review" for a status;
 * nothing empties the cell. Whether the value may stand there is for the gate to say.
 */
export function readTypedValue(cellId: string, typed: string): Result<CellValue> {
  const text = typed.trim();
  if (text === '' || text === '""') return ok(null);
  const cell = parseCellId(cellId);
  const column = cell === null ? '' : `${cell.root}/${cell.column}`;
  if (NUMBERS.has(column)) return readNumber(text);
  if (column === 'lineItems/optional') return readYesOrNo(text);
  if (column === 'fields/status') return ok(statusOf(text));
  return ok(text);
}

const NUMBERS: ReadonlySet<string> = new Set([
  'lineItems/quantity',
  'lineItems/unitPrice',
  'lineItems/discountPercent',
  'discounts/value',
]);

/** Slack says nothing of how a person writes numbers: a point is the decimal sign, unless it cannot be. */
function readNumber(text: string): Result<CellValue> {
  const number = readWrittenNumber(text);
  const value = number?.readings['.'] ?? number?.readings[','] ?? null;
  return value === null ? fail('is not a number; write it like 1200.50') : ok(value);
}

function readYesOrNo(text: string): Result<CellValue> {
  if (/^(?:yes|y|true|1)$/i.test(text)) return ok(true);
  return /^(?:no|n|false|0)$/i.test(text) ? ok(null) : fail('takes yes or no');
}

function statusOf(text: string): string {
  const known = STATUSES.find((status) => STATUS_TITLES[status].toLowerCase() === text.toLowerCase());
  return known ?? text.toLowerCase().replaceAll(' ', '_');
}

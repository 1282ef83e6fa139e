import { generateKeyBetween } from 'fractional-indexing';
import { z } from 'zod';
import { ID_PATTERN } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { type Cell, type CellValue, type Root, parseCellId } from './cell.ts';
import { isCurrencyCode } from './currency.ts';

/**
 * One schema per column: what a cell may hold. `null` empties a cell and is allowed wherever the column
 * may be empty; numbers are decimal strings, since Yjs numbers are doubles and money is not.
 */

export const DECIMAL_PATTERN = /^-?\d{1,12}(\.\d{1,6})?$/;

const text = z.string('text');
const A_DECIMAL = 'a decimal like "12.5", with at most 12 digits before and 6 after the point';
const decimal = z.string(A_DECIMAL).regex(DECIMAL_PATTERN, A_DECIMAL);
const notNegative = decimal.refine((value) => !/^-.*[1-9]/.test(value), 'a decimal not below zero');
const percent = notNegative.refine((value) => Number(value) <= 100, 'a percentage from 0 to 100');
const AN_ID = '1 to 64 letters, digits, _ and -';
const rowId = z.string(AN_ID).regex(ID_PATTERN, AN_ID);
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `one of ${values.join(', ')}`);

/** The states a quote can be in; an empty status reads as the first. */
export const STATUSES = [
  'draft',
  'in_review',
  'approved',
  'sent',
  'accepted',
  'declined',
  'expired',
] as const;

export const ROUNDINGS = ['half_up', 'half_even'] as const;
export const DISCOUNT_KINDS = ['percent', 'amount'] as const;
export const AUDIENCES = ['internal', 'customer'] as const;

export const POSITION_CHARS_MAX = 256;
const A_POSITION = 'a fractional index, like "a0"';

/** A fractional index as the fractional-indexing package makes them. Rows without one are not on the quote. */
const position = z
  .string(A_POSITION)
  .max(POSITION_CHARS_MAX, A_POSITION)
  .refine(isFractionalIndex, A_POSITION);

function isFractionalIndex(value: string): boolean {
  if (!/^[A-Za-z][0-9A-Za-z]*$/.test(value)) return false;
  try {
    generateKeyBetween(value, null);
    return true;
  } catch {
    return false;
  }
}

/** Removing a row sets `true`; restoring it empties the cell. */
const removed = z.literal(true, 'true');

const A_DAY = 'a day as YYYY-MM-DD';
const day = z
  .string(A_DAY)
  .regex(/^\d{4}-\d{2}-\d{2}$/, A_DAY)
  .refine((value) => {
    const date = new Date(`${value}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
  }, 'a day that exists');

const A_CURRENCY = 'a currency code of ISO 4217, like EUR';

interface Column {
  readonly schema: z.ZodType;
  /** Whether `null` may be written, which empties the cell. */
  readonly clearable: boolean;
}

const optional = (schema: z.ZodType): Column => ({ schema, clearable: true });
const always = (schema: z.ZodType): Column => ({ schema, clearable: false });

export const columns: Readonly<Record<Root, ReadonlyMap<string, Column>>> = {
  fields: new Map([
    ['title', optional(text)],
    ['customer', optional(text)],
    ['contact', optional(text)],
    ['owner', optional(text)],
    ['currency', optional(z.string(A_CURRENCY).refine(isCurrencyCode, A_CURRENCY))],
    ['validUntil', optional(day)],
    ['paymentTerms', optional(text)],
    ['status', always(oneOf(STATUSES))],
    ['rounding', optional(oneOf(ROUNDINGS))],
  ]),
  lineItems: new Map([
    ['position', always(position)],
    ['removed', optional(removed)],
    ['sku', optional(text)],
    ['name', optional(text)],
    ['description', optional(text)],
    ['quantity', optional(decimal)],
    ['unit', optional(text)],
    ['unitPrice', optional(decimal)],
    ['discountPercent', optional(percent)],
    ['group', optional(text)],
    ['optional', optional(z.boolean('true or false'))],
  ]),
  discounts: new Map([
    ['position', always(position)],
    ['removed', optional(removed)],
    ['label', optional(text)],
    ['kind', optional(oneOf(DISCOUNT_KINDS))],
    ['value', optional(notNegative)],
    ['appliesTo', optional(rowId)],
  ]),
  notes: new Map([
    ['position', always(position)],
    ['removed', optional(removed)],
    ['author', optional(text)],
    ['audience', optional(oneOf(AUDIENCES))],
  ]),
};

/** Roots whose users may add columns of their own, named `x_<name>`. */
const FREE_COLUMN = /^x_[A-Za-z0-9_]{1,61}$/;
const freeColumn: Column = optional(z.union([z.string(), z.boolean()], 'text, true or false'));

function columnOf(root: Root, name: string): Column | null {
  const known = columns[root].get(name);
  if (known) return known;
  return hasFreeColumns(root) && FREE_COLUMN.test(name) ? freeColumn : null;
}

const hasFreeColumns = (root: Root): boolean => root === 'fields' || root === 'lineItems';

/**
 * Checks one value for one cell. The reason is a sentence that names the cell and says what it takes.
 * `undefined` counts as `null`.
 */
export function parseCellValue(
  cellId: string,
  value: unknown,
  cellBytesMax: number,
): Result<{ cell: Cell; value: CellValue }> {
  const cell = parseCellId(cellId);
  if (cell === null) return fail(`${clip(cellId)} is not a cell of a quote`);
  const parsed = parseColumnValue(cell, value, cellBytesMax);
  return parsed.ok ? ok({ cell, value: parsed.value }) : fail(`${clip(cellId)} ${parsed.reason}`);
}

/** The same for a cell whose row has no id yet. The reason is what follows the cell's name: `takes a decimal ...`. */
export function parseColumnValue(
  { root, column: name }: { readonly root: Root; readonly column: string },
  value: unknown,
  cellBytesMax: number,
): Result<CellValue> {
  const column = columnOf(root, name);
  if (column === null) return fail(unknownColumn(root));
  if (value === null || value === undefined) return column.clearable ? ok(null) : fail('cannot be empty');
  if (typeof value === 'string') {
    if (isTooLong(value, cellBytesMax)) return fail(`takes at most ${cellBytesMax} bytes`);
    if (/\p{Surrogate}/u.test(value)) return fail('takes text without half characters (lone surrogates)');
  }
  const parsed = column.schema.safeParse(value);
  if (!parsed.success) return fail(`takes ${parsed.error.issues[0]?.message ?? 'another value'}`);
  return ok(parsed.data as CellValue);
}

/** What a person types into a column: `true` and `false` mean those where it holds nothing else. */
export function readTypedValue(
  { root, column: name }: { readonly root: Root; readonly column: string },
  typed: string,
): CellValue {
  if (typed !== 'true' && typed !== 'false') return typed;
  const schema = columnOf(root, name)?.schema;
  const isSwitch = schema?.safeParse(true).success === true && !schema.safeParse(typed).success;
  return isSwitch ? typed === 'true' : typed;
}

const unknownColumn = (root: Root): string =>
  hasFreeColumns(root)
    ? `is no column of ${root}; columns of your own are named x_ and letters, digits or _`
    : `is no column of ${root}`;

const encoder = new TextEncoder();

function isTooLong(value: string, bytesMax: number): boolean {
  if (value.length * 3 <= bytesMax) return false;
  return value.length > bytesMax || encoder.encode(value).length > bytesMax;
}

const clip = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}...` : name);

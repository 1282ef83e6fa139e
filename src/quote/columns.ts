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

const text = z.string();
const decimal = z
  .string()
  .regex(DECIMAL_PATTERN, 'a decimal like "12.5", at most 12 digits before and 6 after the point');
const notNegative = decimal.refine((value) => !/^-.*[1-9]/.test(value), 'not below zero');
const percent = notNegative.refine(
  (value) => !DECIMAL_PATTERN.test(value) || Number(value) <= 100,
  'between 0 and 100',
);
const rowId = z.string().regex(ID_PATTERN, 'an id of letters, digits, _ and -');

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

const POSITION_CHARS_MAX = 256;

/** A fractional index as the fractional-indexing package makes them. Rows without one are not on the quote. */
const position = z.string().max(POSITION_CHARS_MAX).refine(isFractionalIndex, 'a fractional index');

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
const removed = z.literal(true);

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as YYYY-MM-DD')
  .refine((value) => {
    const date = new Date(`${value}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
  }, 'a day that exists');

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
    [
      'currency',
      optional(z.string().refine(isCurrencyCode, 'a currency code of ISO 4217, like EUR')),
    ],
    ['validUntil', optional(day)],
    ['paymentTerms', optional(text)],
    ['status', always(z.enum(STATUSES))],
    ['rounding', optional(z.enum(ROUNDINGS))],
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
    ['optional', optional(z.boolean())],
  ]),
  discounts: new Map([
    ['position', always(position)],
    ['removed', optional(removed)],
    ['label', optional(text)],
    ['kind', optional(z.enum(DISCOUNT_KINDS))],
    ['value', optional(notNegative)],
    ['appliesTo', optional(rowId)],
  ]),
  notes: new Map([
    ['position', always(position)],
    ['removed', optional(removed)],
    ['author', optional(text)],
    ['audience', optional(z.enum(AUDIENCES))],
  ]),
};

/** Roots whose users may add columns of their own, named `x_<name>`. */
const FREE_COLUMN = /^x_[A-Za-z0-9_]{1,61}$/;
const freeColumn: Column = optional(z.union([z.string(), z.boolean()]));

function columnOf(cell: Cell): Column | null {
  const known = columns[cell.root].get(cell.column);
  if (known) return known;
  const isFree = (cell.root === 'fields' || cell.root === 'lineItems') && FREE_COLUMN.test(cell.column);
  return isFree ? freeColumn : null;
}

const encoder = new TextEncoder();

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
  const column = columnOf(cell);
  if (column === null) return fail(`${clip(cellId)}: there is no column ${cell.column}`);
  if (value === null || value === undefined) {
    return column.clearable ? ok({ cell, value: null }) : fail(`${cellId} cannot be empty`);
  }
  if (typeof value === 'string' && isTooLong(value, cellBytesMax)) {
    return fail(`${cellId}: more than ${cellBytesMax} bytes`);
  }
  const parsed = column.schema.safeParse(value);
  if (!parsed.success) return fail(`${cellId} takes ${parsed.error.issues[0]?.message ?? 'another value'}`);
  return ok({ cell, value: parsed.data as CellValue });
}

function isTooLong(value: string, bytesMax: number): boolean {
  if (value.length * 3 <= bytesMax) return false;
  return value.length > bytesMax || encoder.encode(value).length > bytesMax;
}

const clip = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}...` : name);

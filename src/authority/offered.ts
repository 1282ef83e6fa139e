import type { Json } from './verdict.ts';

const CHARS_MAX = 8_192;
const DEPTH_MAX = 4;
const PARTS_MAX = 64;

/**
 * An offered value as JSON, for the log's record and the message to its author. `undefined` is null; what JSON has
 * no word for becomes a string that names it; long, deep and wide values are cut. The bytes as received hold the whole.
 */
export function jsonOf(value: unknown, depth = 0): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value.length > CHARS_MAX ? `${value.slice(0, CHARS_MAX)}...` : value;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : describeNumber(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (depth >= DEPTH_MAX) return '...';
  if (Array.isArray(value)) return value.slice(0, PARTS_MAX).map((part) => jsonOf(part, depth + 1));
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, PARTS_MAX)
      .map(([key, part]) => [key, jsonOf(part, depth + 1)]),
  );
}

const describeNumber = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

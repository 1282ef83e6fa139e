import type { Json } from './verdict.ts';

const CHARS_MAX = 8_192;
const DEPTH_MAX = 4;
const PARTS_MAX = 64;

/**
 * An offered value as JSON, for the log's record and the message to its author. `undefined` is null; what JSON has
 * no word for becomes a string that names it; long, deep and wide values are cut. The bytes as received hold the whole.
 */
export function jsonOf(value: unknown): Json {
  let partsLeft = PARTS_MAX;

  function copy(part: unknown, depth: number): Json {
    if (part === null || part === undefined) return null;
    if (typeof part === 'string') return cut(part);
    if (typeof part === 'boolean') return part;
    if (typeof part === 'number') return Number.isFinite(part) && !Object.is(part, -0) ? part : nameOf(part);
    if (typeof part === 'bigint') return `${part}n`;
    if (part instanceof Uint8Array) return `${part.length} bytes`;
    if (typeof part !== 'object') return typeof part;
    if (depth === DEPTH_MAX || partsLeft === 0) return '...';
    if (Array.isArray(part)) return take(part).map((one) => copy(one, depth + 1));
    return Object.fromEntries(
      take(Object.entries(part)).map(([key, one]) => [cut(key), copy(one, depth + 1)]),
    );
  }

  function take<Part>(parts: readonly Part[]): Part[] {
    const taken = parts.slice(0, partsLeft);
    partsLeft -= taken.length;
    return taken;
  }

  return copy(value, 0);
}

/** Never in the middle of a character, which could not be stored. */
function cut(text: string): string {
  if (text.length <= CHARS_MAX) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(CHARS_MAX - 1)) ? CHARS_MAX - 1 : CHARS_MAX;
  return `${text.slice(0, end)}...`;
}

const nameOf = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

import { type Result, fail, ok } from './result.ts';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION_MS_MAX = 3_650 * UNIT_MS.d;

/**
 * Reads a duration as people write it, `45s`, `30m`, `12h` or `7d`, into ms: whole, above zero, at most ten years.
 * The reason is a sentence for the person who wrote it.
 */
export function parseDuration(text: string): Result<number> {
  const [, digits, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (digits === undefined || !isUnit(unit)) {
    return fail('a duration is a whole number and s, m, h or d: 45s, 30m, 12h, 7d');
  }
  const ms = Number(digits) * UNIT_MS[unit];
  if (ms === 0) return fail('a duration is longer than nothing');
  if (ms > DURATION_MS_MAX) return fail('a duration is at most 3650d');
  return ok(ms);
}

const isUnit = (text: string | undefined): text is keyof typeof UNIT_MS =>
  text !== undefined && Object.hasOwn(UNIT_MS, text);

import type { Moment } from '../audit/seq-at.ts';
import { type Result, fail, ok } from '../lib/result.ts';

/**
 * Reads a point in a quote's life: the number of an entry (`12`), or a time as `2026-03-01` or `2026-03-01T12:00:00Z`.
 */
export function parseMoment(text: string): Result<Moment> {
  if (/^\d{1,15}$/.test(text)) return ok({ kind: 'seq', seq: Number(text) });
  const at = /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) {
    return fail(`"${text}" is neither the number of an entry (12) nor a time (2026-03-01T12:00:00Z)`);
  }
  return ok({ kind: 'time', at });
}

/** A time for people, in UTC: `2026-03-01 12:00:00`. */
export const showTime = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

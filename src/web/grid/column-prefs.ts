import { z } from 'zod';
import type { GridColumn } from './grid-columns.ts';

/**
 * How a person likes the columns: their order, widths and which are hidden. Kept on the device by person, for all quotes.
 * What is remembered may name columns that a quote has not, and miss some that it has: those keep their own place.
 */
export interface ColumnPrefs {
  readonly order: readonly string[];
  /** px */
  readonly widths: Readonly<Record<string, number>>;
  /** True is hidden, false is shown; one that is not named is as it comes. */
  readonly hidden: Readonly<Record<string, boolean>>;
}

export const noPrefs: ColumnPrefs = { order: [], widths: {}, hidden: {} };

export const COLUMN_WIDTH_MIN = 48;
export const COLUMN_WIDTH_MAX = 800;

const prefsSchema = z.object({
  order: z.array(z.string()),
  widths: z.record(z.string(), z.number().min(COLUMN_WIDTH_MIN).max(COLUMN_WIDTH_MAX)),
  hidden: z.record(z.string(), z.boolean()),
});

export const prefsKey = (user: string): string => `quoteroom.columns.${user}`;

/** What does not fit counts as nothing: it is only a habit. */
export function parsePrefs(text: string | null): ColumnPrefs {
  if (text === null) return noPrefs;
  try {
    const parsed = prefsSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : noPrefs;
  } catch {
    return noPrefs;
  }
}

export const isHidden = (prefs: ColumnPrefs, column: GridColumn): boolean =>
  prefs.hidden[column.id] ?? column.isHidden;

/** Ids of all columns, in the person's order; a new one comes after the one that it follows by itself. */
export function orderOf(prefs: ColumnPrefs, columns: readonly GridColumn[]): readonly string[] {
  const own = columns.map(({ id }) => id);
  const order = prefs.order.filter((id, at) => own.includes(id) && prefs.order.indexOf(id) === at);
  for (const [at, id] of own.entries()) {
    if (order.includes(id)) continue;
    const before = at === 0 ? -1 : order.indexOf(own[at - 1] ?? '');
    order.splice(before + 1, 0, id);
  }
  return order;
}

/** The order with one column put before another, or at the end. */
export function withMoved(order: readonly string[], id: string, before: string | null): readonly string[] {
  if (id === before) return order;
  const others = order.filter((one) => one !== id);
  const at = before === null ? others.length : others.indexOf(before);
  return at === -1 ? order : [...others.slice(0, at), id, ...others.slice(at)];
}

/**
 * Widths of the shown columns in px. What is left of `available` goes to the elastic columns that the person has not
 * sized, else to the last one, so that the grid always fills its width; what is missing is taken from those columns, as
 * far as they can be read.
 */
export function layOut(
  shown: readonly GridColumn[],
  widths: ColumnPrefs['widths'],
  available: number,
): readonly number[] {
  const natural = shown.map(({ id, width }) => widths[id] ?? width);
  const left = Math.floor(available - natural.reduce((sum, width) => sum + width, 0));
  const elastic = shown.flatMap(({ id, isElastic }, at) =>
    isElastic && widths[id] === undefined ? [at] : [],
  );
  return left < 0 ? shrunk(natural, elastic, -left) : grown(natural, elastic, left);
}

const ELASTIC_WIDTH_MIN = 104;

/** The last ones first: what stands on the left says more of a line. */
function shrunk(natural: readonly number[], elastic: readonly number[], missing: number): readonly number[] {
  const widths = [...natural];
  let rest = missing;
  for (const at of elastic.toReversed()) {
    const width = widths[at] ?? 0;
    const taken = Math.min(rest, Math.max(0, width - ELASTIC_WIDTH_MIN));
    widths[at] = width - taken;
    rest -= taken;
  }
  return widths;
}

function grown(natural: readonly number[], elastic: readonly number[], left: number): readonly number[] {
  const takers = elastic.length > 0 ? elastic : [natural.length - 1];
  const share = Math.floor(left / takers.length);
  const rest = left - share * takers.length;
  return natural.map((width, at) =>
    takers.includes(at) ? width + share + (at === takers.at(-1) ? rest : 0) : width,
  );
}

import { z } from 'zod';
import type { Entry } from '../log/log.ts';
import { parseCellId, parseNoteRootName } from '../quote/cell.ts';
import { columnTitle } from '../quote/column-titles.ts';
import type { Snapshot } from '../quote/snapshot.ts';
import type { EditSummary } from './notices.ts';
import { changeWords } from './words.ts';

/**
 * What a person changed since their last notice: which rows, how many of them, and the quote's total before and after. Pure; kept
 * as JSON between two looks at the log.
 */
const tallySchema = z.object({
  lines: z.array(z.string()),
  discounts: z.array(z.string()),
  notes: z.array(z.string()),
  /** By their titles. */
  fields: z.array(z.string()),
  /** The first two cells. */
  cells: z.array(z.string()),
  totalBefore: z.string(),
  totalAfter: z.string(),
});
export type EditTally = z.infer<typeof tallySchema>;

export const parseTally = (json: string): EditTally => tallySchema.parse(JSON.parse(json));

export const emptyTally = (total: string): EditTally => ({
  lines: [],
  discounts: [],
  notes: [],
  fields: [],
  cells: [],
  totalBefore: total,
  totalAfter: total,
});

/** The text of some note: the log does not say which. */
const SOME_NOTE = '';

/** What stood of an entry, added to a tally. */
export function addEntry(tally: EditTally, { writes, merged }: Pick<Entry, 'writes' | 'merged'>): EditTally {
  // Text that stands leaves no rows.
  if (writes.length === 0) {
    return merged === null || tally.notes.includes(SOME_NOTE)
      ? tally
      : { ...tally, notes: [...tally.notes, SOME_NOTE] };
  }
  const [lines, discounts, notes] = [new Set(tally.lines), new Set(tally.discounts), new Set(tally.notes)];
  const [fields, cells] = [new Set(tally.fields), new Set(tally.cells)];
  for (const { cell, verdict } of writes) {
    if (verdict !== 'accepted') continue;
    if (cells.size < CELLS_MAX) cells.add(cell);
    const parsed = parseCellId(cell);
    if (parsed === null) notes.add(parseNoteRootName(cell) ?? SOME_NOTE);
    else if (parsed.root === 'fields') fields.add(columnTitle('fields', parsed.column));
    else ({ lineItems: lines, discounts, notes })[parsed.root].add(parsed.row);
  }
  const counted = { lines: [...lines], discounts: [...discounts], notes: [...notes], fields: [...fields] };
  return { ...tally, ...counted, cells: [...cells] };
}

/** Enough to know that there is more than one. */
const CELLS_MAX = 2;

export const isEmptyTally = ({ lines, discounts, notes, fields }: EditTally): boolean =>
  lines.length + discounts.length + notes.length + fields.length === 0;

/** In words, as the quote is now. */
export function summarize(
  { lines, discounts, notes, fields, cells, totalBefore, totalAfter }: EditTally,
  { name, snapshot }: { readonly name: string; readonly snapshot: Snapshot },
): EditSummary {
  const [only, ...others] = cells;
  const isOne = only !== undefined && others.length === 0 && !notes.includes(SOME_NOTE);
  const known = notes.filter((note) => note !== SOME_NOTE).length;
  return {
    name,
    lines: lines.length,
    discounts: discounts.length,
    // Some note is most likely one of those.
    notes: Math.max(known, Math.min(notes.length, 1)),
    fields,
    only: isOne ? changeWords(only, snapshot) : null,
    totalBefore,
    totalAfter,
  };
}

import { type RowRoot, parseCellId } from '../../../quote/cell.ts';
import { AUDIENCE_TITLES, audienceOf } from '../../words/audience-titles.ts';
import { clip } from '../../words/clip.ts';
import { formatCellValue } from '../../../quote/format-cell-value.ts';
import type { FeedWrite } from './feed-entry.ts';

/** One line of the list of activity. */
export interface FeedLine {
  /** Tells the lines of one entry apart. */
  readonly key: string;
  /** `refused`: it does not stand. `held`: nor does that, as a person has to choose. `overrode`: it put aside what the reader had written. */
  readonly kind: 'done' | 'refused' | 'held' | 'overrode';
  /** "Discount of Roller 80 x 1200 mm", "Added Roller 80 x 1200 mm". */
  readonly text: string;
  /** Set together, for a single cell. */
  readonly change?: { readonly before: string; readonly after: string };
  /** A sentence of its own: why it was refused, whose it overrode. */
  readonly detail?: string;
  /** Where a click leads; null where there is no one place. */
  readonly cell: string | null;
}

export interface Describing {
  /** The name of a row, on the quote or removed; null where it has none. */
  readonly rowName: (root: RowRoot, row: string) => string | null;
  /** What the reader had written in a cell that this entry put aside, told by the server; undefined if it did not. */
  readonly overridden?: (seq: number, cell: string) => FeedWrite['before'] | undefined;
  /** Whether what this entry held still waits for a person to choose; it did where that is not known. */
  readonly isWaiting?: (seq: number, cell: string) => boolean;
  readonly locale?: string;
}

/** A value as the list says it. */
export function valueText(cell: string, value: FeedWrite['before'], locale?: string): string {
  const column = parseCellId(cell)?.column;
  if (column === 'audience') return AUDIENCE_TITLES[audienceOf(value)];
  if (column === 'validUntil' && typeof value === 'string') return dayText(value, locale);
  return clip(formatCellValue(cell, value, locale));
}

/** A day of the calendar, the same wherever the reader is; what is none stays as it is. */
function dayText(day: string, locale: string | undefined): string {
  const date = new Date(`${day}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(date.getTime())
    ? new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(date)
    : day;
}

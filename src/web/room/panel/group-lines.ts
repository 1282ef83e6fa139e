import type { WireUser } from '../../../wire/user-schema.ts';
import type { FeedLine } from './feed-line.ts';
import type { FeedEntry } from './feed-entry.ts';

/** What one person did in one go. */
export interface FeedGroup {
  /** Stays the same while more of it comes. */
  readonly key: string;
  readonly user: WireUser;
  /** ms since 1970, of the newest */
  readonly at: number;
  /** Newest first. */
  readonly lines: readonly FeedLine[];
}

/** A longer pause begins another group. */
const PAUSE_MS = 2 * 60_000;

/** Gathers what a person did without a pause and without anybody else in between; all newest first. */
export function groupLines(
  entries: readonly { readonly entry: FeedEntry; readonly lines: readonly FeedLine[] }[],
): readonly FeedGroup[] {
  const groups: { key: string; user: WireUser; at: number; oldest: number; lines: FeedLine[] }[] = [];
  for (const { entry, lines } of entries) {
    if (lines.length === 0) continue;
    const own = lines.map((line) => ({ ...line, key: `${entry.seq} ${line.key}` }));
    const group = groups.at(-1);
    if (group !== undefined && isSamePerson(group.user, entry.user) && group.oldest - entry.at <= PAUSE_MS) {
      group.key = `g${entry.seq}`;
      group.oldest = entry.at;
      for (const line of own) addOlder(group.lines, line);
    } else {
      groups.push({ key: `g${entry.seq}`, user: entry.user, at: entry.at, oldest: entry.at, lines: own });
    }
  }
  return groups;
}

/** A role that changed in between is a person in another role. */
const isSamePerson = (a: WireUser, b: WireUser): boolean => a.id === b.id && a.role === b.role;

/**
 * One cell changed several times in a row is one change, from the first value to the last, unless it came back to the
 * first: that it was changed at all is then the news. Typing in one note is one line too.
 */
function addOlder(lines: FeedLine[], older: FeedLine): void {
  const newer = lines.at(-1);
  const isSame =
    newer !== undefined &&
    newer.kind === 'done' &&
    older.kind === 'done' &&
    newer.cell === older.cell &&
    newer.text === older.text;
  if (isSame && newer.change === undefined && older.change === undefined) return;
  const before = older.change?.before;
  const after = newer?.change?.after;
  if (!isSame || before === undefined || after === undefined || before === after) lines.push(older);
  else lines[lines.length - 1] = { ...newer, change: { before, after } };
}

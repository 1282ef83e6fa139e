import { ROLE_TITLES } from '../../authority/role.ts';
import type { TimelinePoint } from '../../wire/history-schemas.ts';
import type { LoggedEntry } from '../../wire/http-schemas.ts';
import { describeEntry } from '../room/panel/describe-entry.ts';
import { fromLog } from '../room/panel/feed-entry.ts';
import type { Describing, FeedLine } from '../room/panel/feed-line.ts';
import { countOf } from '../words/count-of.ts';
import { clockTime } from '../words/time-ago.ts';

/** One entry in words: who, when, and the first thing that it did. */
export interface PointWords {
  /** "Dana (VP Sales)" */
  readonly who: string;
  /** "14:32" */
  readonly when: string;
  /** "Discount of Roller: 10 % -> 12 %"; without its entry only how many changes there were. */
  readonly what: FeedLine;
  /** Further things that it did. */
  readonly moreCount: number;
}

export interface PointParts {
  readonly point: TimelinePoint;
  readonly person: { readonly name: string };
  /** Null until it is loaded. */
  readonly entry: LoggedEntry | null;
}

export function pointWords(
  { point, person, entry }: PointParts,
  { now, ...describing }: Describing & { readonly now: number },
): PointWords {
  const lines = entry === null ? [] : describeEntry(fromLog(entry), describing);
  const [what = countedLine(point)] = lines;
  return {
    who: `${person.name} (${ROLE_TITLES[point.role]})`,
    when: clockTime(point.at, now, describing.locale),
    what,
    moreCount: Math.max(0, lines.length - 1),
  };
}

/** As a sentence, for whoever hears it: "Dana (VP Sales), 14:32, Discount of Roller: 10 % -> 12 %". */
export function spokenPoint({ who, when, what, moreCount }: PointWords): string {
  const more = moreCount === 0 ? '' : `, and ${moreCount} more`;
  return `${who}, ${when}, ${lineText(what)}${more}`;
}

export function lineText({ kind, text, change }: FeedLine): string {
  const refused = kind === 'refused' ? 'Refused: ' : kind === 'held' ? 'Held: ' : '';
  if (change === undefined) return `${refused}${text}`;
  const between = kind === 'refused' ? 'instead of' : kind === 'held' ? 'beside' : '→';
  return kind === 'refused' || kind === 'held'
    ? `${refused}${text}: ${change.before}, ${kind === 'held' ? between : 'stays'} ${change.after}`
    : `${refused}${text}: ${change.before} ${between} ${change.after}`;
}

/** What the timeline itself knows. */
function countedLine({ seq, writes, refused }: TimelinePoint): FeedLine {
  const text =
    seq === 1
      ? 'Created the quote'
      : writes > 0
        ? countOf(writes, 'change')
        : refused > 0
          ? `${countOf(refused, 'change')} refused`
          : 'No change';
  return { key: 'counted', kind: 'done', text, cell: null };
}

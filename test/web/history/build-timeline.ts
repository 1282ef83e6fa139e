import type { TimelinePoint } from '../../../src/wire/history-schemas.ts';
import { type Timeline, emptyTimeline, withPage } from '../../../src/web/history/timeline.ts';

const PEOPLE = [
  { id: 'dana', name: 'Dana' },
  { id: 'rita', name: 'Rita' },
  { id: 'omar', name: 'Omar' },
];

/** One letter an entry: `d`, `r` or `o` for who changed something, a capital where it was refused. */
export function timelineOf(entries: string): Timeline {
  return withPage(emptyTimeline, { people: PEOPLE, points: [...entries].map(pointOf) });
}

function pointOf(letter: string, at: number): TimelinePoint {
  const isRefused = letter === letter.toUpperCase();
  return {
    seq: at + 1,
    at: Date.UTC(2026, 10, 21, 14, 32) + at * 60_000,
    person: Math.max(0, 'dro'.indexOf(letter.toLowerCase())),
    role: letter.toLowerCase() === 'd' ? 'vp_sales' : 'sales_rep',
    origin: 'browser',
    writes: isRefused ? 0 : 1,
    refused: isRefused ? 1 : 0,
  };
}

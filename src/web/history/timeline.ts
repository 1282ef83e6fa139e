import type { TimelineJson, TimelinePoint } from '../../wire/history-schemas.ts';

/**
 * All entries of a quote's log at a glance, oldest first and without a gap: the entry with number `seq` stands at
 * `seq - 1`. It only ever grows at its end. People are counted through, over all pages that it came in.
 */
export interface Timeline {
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly points: readonly TimelinePoint[];
}

export const emptyTimeline: Timeline = { people: [], points: [] };

/** With the points of one more page; those that are there already are left out. The same one where there is nothing new. */
export function withPage(timeline: Timeline, page: Pick<TimelineJson, 'people' | 'points'>): Timeline {
  const newest = newestOf(timeline);
  const fresh = page.points.filter(({ seq }) => seq > newest);
  if (fresh.length === 0) return timeline;
  const people = [...timeline.people];
  const places = page.people.map((person) => {
    const at = people.findIndex(({ id }) => id === person.id);
    return at === -1 ? people.push(person) - 1 : at;
  });
  const points = fresh.map((point) => ({ ...point, person: places[point.person] ?? 0 }));
  return { people, points: [...timeline.points, ...points] };
}

/** The number of the newest entry; 0 where there is none. */
export const newestOf = ({ points }: Timeline): number => points.at(-1)?.seq ?? 0;

export const pointAt = ({ points }: Timeline, seq: number): TimelinePoint | null => points[seq - 1] ?? null;

export const personOf = (
  { people }: Timeline,
  point: Pick<TimelinePoint, 'person'>,
): { readonly id: string; readonly name: string } => people[point.person] ?? { id: '', name: 'Somebody' };

/** The nearest entry that there is. */
export const withinTimeline = (timeline: Timeline, seq: number): number =>
  Math.min(Math.max(Math.round(seq), 1), Math.max(newestOf(timeline), 1));

/** The next entry that changed something; null where none does. */
export function nextChange({ points }: Timeline, seq: number): number | null {
  for (let at = seq; at < points.length; at++) if (isChange(points[at])) return at + 1;
  return null;
}

/** The last entry before this one that changed something; the first entry counts, whatever it was. */
export function previousChange({ points }: Timeline, seq: number): number | null {
  for (let at = seq - 2; at >= 0; at--) if (at === 0 || isChange(points[at])) return at + 1;
  return null;
}

const isChange = (point: TimelinePoint | undefined): boolean => point !== undefined && point.writes > 0;

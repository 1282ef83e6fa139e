import type { Role } from '../../authority/role.ts';
import type { TimelinePoint } from '../../wire/history-schemas.ts';
import { LOG_LIMIT_MAX, type LoggedEntry } from '../../wire/http-schemas.ts';
import { type Timeline, personOf } from './timeline.ts';

/** Which events the list shows; null and false take all. */
export interface EventFilter {
  /** Id of the person who did it. */
  readonly user: string | null;
  readonly role: Role | null;
  /** As the policy names cells: `lineItems/*` + `/quantity`, `lineItems/l1` for a whole line. */
  readonly cell: string | null;
  readonly isRefused: boolean;
}

export const allEvents: EventFilter = { user: null, role: null, cell: null, isRefused: false };

export const isFiltered = ({ user, role, cell, isRefused }: EventFilter): boolean =>
  user !== null || role !== null || cell !== null || isRefused;

/** Numbers of the entries that fit, newest first, as far as the timeline can tell: it knows nothing of cells. */
export function eventsIn(timeline: Timeline, filter: Omit<EventFilter, 'cell'>): readonly number[] {
  const takes = (point: TimelinePoint): boolean =>
    (filter.user === null || personOf(timeline, point).id === filter.user) &&
    (filter.role === null || point.role === filter.role) &&
    (!filter.isRefused || point.refused > 0);
  const found: number[] = [];
  for (let at = timeline.points.length - 1; at >= 0; at--) {
    const point = timeline.points[at];
    if (point !== undefined && takes(point)) found.push(point.seq);
  }
  return found;
}

/** One page of a search in the log, where a cell is asked for. */
export interface LogQuery {
  readonly filter: EventFilter;
  /** Entries after this one. */
  readonly after: number;
}

/** Only the writes that were asked for are in the entries. */
export interface LogPage {
  readonly entries: readonly LoggedEntry[];
  readonly next?: number | undefined;
}

export function logSearch({ filter: { user, role, cell, isRefused }, after }: LogQuery): string {
  const parameters = new URLSearchParams({ after: String(after), limit: String(LOG_LIMIT_MAX) });
  if (user !== null) parameters.set('user', user);
  if (role !== null) parameters.set('role', role);
  if (cell !== null) parameters.set('cell', cell);
  if (isRefused) parameters.set('refused', '1');
  return parameters.toString();
}

/** The event in a list, newest first, that stands for this point: its own, else the one before it in time. */
export function eventBefore(events: readonly number[], seq: number): number | null {
  return events.find((event) => event <= seq) ?? null;
}

/** The next older or newer event of a list, newest first; null at its end. */
export function eventBeside(events: readonly number[], seq: number, step: 'older' | 'newer'): number | null {
  if (step === 'older') return events.find((event) => event < seq) ?? null;
  return events.findLast((event) => event > seq) ?? null;
}

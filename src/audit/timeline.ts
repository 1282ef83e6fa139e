import type { Origin } from '../authority/actor.ts';
import type { Role } from '../authority/role.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Entry, EntryKind, Log } from '../log/log.ts';
import { playLog } from './play-log.ts';

/** All points of a quote's life at a glance: who acted when, and how many writes that were, without the writes. */
export interface Timeline {
  readonly quote: QuoteId;
  readonly people: readonly UserId[];
  /** Oldest first. */
  readonly points: readonly Point[];
  /** The last entry looked at, where there are more after it. */
  readonly next?: number;
}

export interface Point {
  readonly seq: number;
  /** Server time, ms since 1970. */
  readonly at: number;
  /** Their place in `people`. */
  readonly person: number;
  readonly role: Role;
  readonly origin: Origin;
  /** Left out where it is an ordinary write. */
  readonly kind?: EntryKind;
  /** Writes that were accepted, */
  readonly writes: number;
  /** and that were refused or held. */
  readonly refused: number;
}

export interface TimelineQuery {
  readonly after: number;
  /** The last entry of the log; it must be there. */
  readonly to: number;
  readonly limit: number;
}

export async function readTimeline(
  log: Pick<Log, 'entries'>,
  quote: QuoteId,
  { after, to, limit }: TimelineQuery,
): Promise<Timeline> {
  const last = Math.min(to, after + limit);
  const people = new Map<UserId, number>();
  const points: Point[] = [];
  const play = (entry: Entry): void => {
    const { user } = entry.actor;
    const person = people.get(user) ?? people.size;
    people.set(user, person);
    points.push(pointOf(entry, person));
  };
  await playLog(log, quote, { play }, { after, to: last });
  return { quote, people: [...people.keys()], points, ...(last < to && { next: last }) };
}

function pointOf({ seq, at, actor, origin, kind, writes }: Entry, person: number): Point {
  const accepted = writes.filter(({ verdict }) => verdict === 'accepted').length;
  return {
    seq,
    at,
    person,
    role: actor.role,
    origin,
    ...(kind !== 'update' && kind !== 'sync' && { kind }),
    writes: accepted,
    refused: writes.length - accepted,
  };
}

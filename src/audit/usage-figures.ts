import type { QuoteId } from '../lib/ids.ts';
import { type LatencyFigures, latencyFigures } from './usage-latency.ts';
import type { UsageTally } from './usage-tally.ts';

/**
 * Figures of use: what the product's goals are measured by. All come from the log and from what is stored of sessions, so
 * that a restart changes none; `docs/figures.md` has the formula of each. A share or a mean of nothing is null.
 */
export interface UsageReport {
  /** Of what happened from then on, ms since 1970; null: of everything. */
  readonly since: number | null;
  readonly overall: UsageFigures;
  /** By id. */
  readonly quotes: readonly (UsageFigures & { readonly quote: QuoteId })[];
}

export interface UsageFigures {
  readonly sessions: {
    readonly total: number;
    readonly open: number;
    /** Open, and somebody is in them. */
    readonly active: number;
    readonly ended: { readonly byHand: number; readonly inactive: number };
    /** Share of those without an unwanted disconnect. */
    readonly stability: number | null;
  };
  /** In one quote. */
  readonly editingAtOnce: AtOnce;
  readonly presentAtOnce: AtOnce;
  readonly editToSight: LatencyFigures;
  readonly conflicts: {
    readonly total: number;
    readonly settledAutomatically: number;
    /** Writes refused because of a higher role's. */
    readonly refused: number;
    /** Writes that a higher role put aside without having seen them. */
    readonly overridden: number;
    readonly held: number;
    /** Held conflicts that nobody settled in time. */
    readonly expired: number;
    readonly settledByPeople: number;
    /** `lineItems/unitPrice`: how many of the total; the most first. */
    readonly byField: Readonly<Record<string, number>>;
  };
  readonly edits: {
    readonly total: number;
    readonly inSessions: number;
    /** In sessions in which two or more people were at once. */
    readonly shared: number;
    /** Of those in sessions. */
    readonly sharedRatio: number | null;
  };
  readonly connections: {
    readonly total: number;
    readonly unwantedDisconnects: number;
    readonly meanSeconds: number | null;
  };
  readonly traffic: {
    readonly messages: number;
    readonly bytes: number;
    readonly messagesPerSecond: number | null;
    readonly bytesPerSecond: number | null;
  };
}

export interface AtOnce {
  readonly peak: number;
  readonly mean: number | null;
}

/** `boundsMs`: up to which each bucket of the tally's latencies counts; the last bucket has none. */
export function figuresOf(tally: UsageTally, boundsMs: readonly number[]): UsageFigures {
  const { refused, overridden, held, expired } = tally;
  const occupiedSeconds = tally.occupiedMs / 1000;
  return {
    sessions: {
      total: tally.sessions,
      open: tally.openSessions,
      active: tally.activeSessions,
      ended: { byHand: tally.endedByHand, inactive: tally.endedInactive },
      stability: ratio(tally.stableSessions, tally.sessions),
    },
    editingAtOnce: { peak: tally.editingPeak, mean: ratio(tally.editingAuthors, tally.editingWindows) },
    presentAtOnce: { peak: tally.presentPeak, mean: ratio(tally.presentMs, tally.occupiedMs) },
    editToSight: latencyFigures(tally.latency, boundsMs),
    conflicts: {
      total: refused + overridden + held,
      settledAutomatically: refused + overridden + expired,
      refused,
      overridden,
      held,
      expired,
      settledByPeople: tally.settledByPeople,
      byField: Object.fromEntries([...tally.conflictsByField].toSorted(mostFirst)),
    },
    edits: {
      total: tally.edits,
      inSessions: tally.editsInSessions,
      shared: tally.editsShared,
      sharedRatio: ratio(tally.editsShared, tally.editsInSessions),
    },
    connections: {
      total: tally.connections,
      unwantedDisconnects: tally.unwantedDisconnects,
      meanSeconds: ratio(tally.endedConnectionMs / 1000, tally.endedConnections),
    },
    traffic: {
      messages: tally.messages,
      bytes: tally.bytes,
      messagesPerSecond: ratio(tally.messages, occupiedSeconds),
      bytesPerSecond: ratio(tally.bytes, occupiedSeconds),
    },
  };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const mostFirst = ([fieldA, a]: readonly [string, number], [fieldB, b]: readonly [string, number]): number =>
  b - a || (fieldA < fieldB ? -1 : 1);

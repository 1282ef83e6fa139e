/** What figures of use are computed from: sums and peaks, of one quote or of several together. */
export interface UsageTally {
  sessions: number;
  openSessions: number;
  activeSessions: number;
  endedByHand: number;
  endedInactive: number;
  /** Without an unwanted disconnect. */
  stableSessions: number;
  unwantedDisconnects: number;
  connections: number;
  /** Of sessions that ended, so that all of these are over. */
  endedConnections: number;
  endedConnectionMs: number;
  messages: number;
  bytes: number;
  /** How many edits were seen within which time, by bucket. */
  latency: number[];
  /** The most authors in one window, windows in which somebody wrote, and the sum of their authors. */
  editingPeak: number;
  editingWindows: number;
  editingAuthors: number;
  /** The most people at once, how long somebody was there, and how long all of them together. */
  presentPeak: number;
  occupiedMs: number;
  presentMs: number;
  edits: number;
  editsInSessions: number;
  editsShared: number;
  refused: number;
  overridden: number;
  held: number;
  expired: number;
  settledByPeople: number;
  conflictsByField: Map<string, number>;
}

export const emptyTally = (): UsageTally => ({
  sessions: 0,
  openSessions: 0,
  activeSessions: 0,
  endedByHand: 0,
  endedInactive: 0,
  stableSessions: 0,
  unwantedDisconnects: 0,
  connections: 0,
  endedConnections: 0,
  endedConnectionMs: 0,
  messages: 0,
  bytes: 0,
  latency: [],
  editingPeak: 0,
  editingWindows: 0,
  editingAuthors: 0,
  presentPeak: 0,
  occupiedMs: 0,
  presentMs: 0,
  edits: 0,
  editsInSessions: 0,
  editsShared: 0,
  refused: 0,
  overridden: 0,
  held: 0,
  expired: 0,
  settledByPeople: 0,
  conflictsByField: new Map(),
});

const PEAKS = ['editingPeak', 'presentPeak'] as const;
const LISTS = ['latency', 'conflictsByField'] as const;

/** Adds a tally to another one: sums are added, of peaks the higher one counts. */
export function addTally(sum: UsageTally, one: UsageTally): void {
  for (const key of Object.keys(sum) as (keyof UsageTally)[]) {
    if (isIn(LISTS, key)) continue;
    sum[key] = isIn(PEAKS, key) ? Math.max(sum[key], one[key]) : sum[key] + one[key];
  }
  addCounts(sum.latency, one.latency);
  for (const [field, count] of one.conflictsByField) countField(sum, field, count);
}

const isIn = <Key extends string>(keys: readonly Key[], key: string): key is Key =>
  (keys as readonly string[]).includes(key);

/** Adds a histogram to another one, bucket by bucket. */
export function addCounts(sum: number[], counts: readonly number[]): void {
  for (const [bucket, count] of counts.entries()) sum[bucket] = (sum[bucket] ?? 0) + count;
}

export function countField(tally: UsageTally, field: string, count = 1): void {
  tally.conflictsByField.set(field, (tally.conflictsByField.get(field) ?? 0) + count);
}

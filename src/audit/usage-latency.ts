/** How long edits took to be seen, from counts by bucket. */
export interface LatencyFigures {
  readonly count: number;
  /**
   * The upper bound of the bucket in which the share lies: half, 95 or 99 of 100 edits were seen within it. Null without
   * edits, and where the share lies above the last bound.
   */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** How many were above the last bound. */
  readonly slower: number;
}

/** `counts` has one bucket for each bound and a last one for what is above them. */
export function latencyFigures(counts: readonly number[], boundsMs: readonly number[]): LatencyFigures {
  const count = counts.reduce((sum, one) => sum + one, 0);
  return {
    count,
    p50Ms: quantile(counts, boundsMs, 0.5 * count),
    p95Ms: quantile(counts, boundsMs, 0.95 * count),
    p99Ms: quantile(counts, boundsMs, 0.99 * count),
    slower: counts[boundsMs.length] ?? 0,
  };
}

function quantile(counts: readonly number[], boundsMs: readonly number[], atLeast: number): number | null {
  if (atLeast === 0) return null;
  let seen = 0;
  for (const [bucket, bound] of boundsMs.entries()) {
    seen += counts[bucket] ?? 0;
    if (seen >= atLeast) return bound;
  }
  return null;
}

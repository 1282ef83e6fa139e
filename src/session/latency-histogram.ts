/**
 * From edit to sight: ms up to which each bucket counts, and a last one for all that took longer. The same as in the metrics, and
 * stored with each session, so never changed.
 */
export const LATENCY_BOUNDS_MS: readonly number[] = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000,
];

export const emptyHistogram = (): number[] => Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0);

export function countLatency(histogram: number[], ms: number): void {
  let bucket = 0;
  while (bucket < LATENCY_BOUNDS_MS.length && ms > (LATENCY_BOUNDS_MS[bucket] ?? Infinity)) bucket += 1;
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

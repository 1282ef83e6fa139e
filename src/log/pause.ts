/** Of one pause, however long the work before it took. */
const PAUSE_MS_MAX = 100;

/**
 * Leaves the disk to others for twice as long as they waited for us: `ms` is what the last part took. Blocks, for
 * programs that do nothing else meanwhile.
 */
export function pauseAfter(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(2 * ms, PAUSE_MS_MAX));
}

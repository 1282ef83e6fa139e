/**
 * A clock for all that lasts: limits, leases, what is due every few seconds. The computer's clock may be set at any time; this one
 * goes on from where it was, and takes a step of over {@link STEP_MS} for one of that length. It has to be read every second or so.
 */
export function createSteadyClock(date: () => number): () => number {
  let last = date();
  let steady = last;
  return () => {
    const read = date();
    steady += Math.min(Math.max(0, read - last), STEP_MS);
    last = read;
    return steady;
  };
}

const STEP_MS = 5_000;

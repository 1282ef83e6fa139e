/** Bounds how often something may happen. Stateful, but without a clock: time comes in, in ms, and never runs back. */
export interface RateLimit {
  /** Counts one; false if that is one too many. */
  take(at: number): boolean;
}

/** A bucket of `burst` that fills at `perSecond`. */
export function createTokenBucket({ perSecond, burst }: { perSecond: number; burst: number }): RateLimit {
  let tokens = burst;
  let filledAt = 0;
  return {
    take(at) {
      tokens = Math.min(burst, tokens + ((at - filledAt) * perSecond) / 1000);
      filledAt = at;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}

export interface SlidingWindow extends RateLimit {
  /** How many were counted within the window, those that were too many included. */
  count(at: number): number;
}

/** At most `most` within any `windowMs`. */
export function createSlidingWindow({ most, windowMs }: { most: number; windowMs: number }): SlidingWindow {
  const times: number[] = [];
  function count(at: number): number {
    while (times.length > 0 && (times[0] ?? at) <= at - windowMs) times.shift();
    return times.length;
  }
  return {
    take(at) {
      times.push(at);
      return count(at) <= most;
    },
    count,
  };
}

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

/** At most `most` within any `windowMs`. */
export function createSlidingWindow({ most, windowMs }: { most: number; windowMs: number }): RateLimit {
  const times: number[] = [];
  return {
    take(at) {
      while (times.length > 0 && (times[0] ?? at) <= at - windowMs) times.shift();
      times.push(at);
      return times.length <= most;
    },
  };
}

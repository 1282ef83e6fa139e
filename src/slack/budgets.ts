/**
 * Token buckets: how much may be sent now. Slack counts over a minute, and its count does not begin anew when we do, so
 * what was used is remembered over a restart. Pure; times are ms since 1970.
 */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
  /** Slack asked to wait until then. */
  readonly heldUntil: number;
}

export interface Rate {
  /** At once, after a pause. With {@link perMinute} it is what can be used in any minute, at most. */
  readonly burst: number;
  readonly perMinute: number;
}

/** `chat.update`: Slack takes about 50 a minute of one workspace. */
export const UPDATE_RATE: Rate = { burst: 5, perMinute: 45 };
/** `chat.postMessage`: about one a second in one channel. */
export const POST_RATE: Rate = { burst: 1, perMinute: 60 };
/** `assistant.threads.setStatus`: a courtesy, and the first to be left out. */
export const STATUS_RATE: Rate = { burst: 3, perMinute: 20 };

export type Taken =
  | { readonly kind: 'taken'; readonly bucket: Bucket }
  /** Nothing is there before then. */
  | { readonly kind: 'wait'; readonly until: number };

export function takeToken(known: Bucket | null, rate: Rate, at: number): Taken {
  const bucket = known === null ? { tokens: rate.burst, at, heldUntil: 0 } : refill(known, rate, at);
  const missing = 1 - ROUNDING - bucket.tokens;
  const nextAt = missing <= 0 ? at : bucket.at + Math.ceil((missing * MINUTE_MS) / rate.perMinute);
  const until = Math.max(nextAt, bucket.heldUntil);
  if (until > at) return { kind: 'wait', until };
  return { kind: 'taken', bucket: { ...bucket, tokens: Math.max(0, bucket.tokens - 1) } };
}

const MINUTE_MS = 60_000;
/** Sums of fractions of tokens are not exact: who waited as long as told gets one. */
const ROUNDING = 1e-6;

/** Slack asked to wait: whatever was there is gone. */
export function hold(known: Bucket | null, until: number, at: number): Bucket {
  const bucket = known === null ? { at, heldUntil: 0 } : onClock(known, at);
  return { tokens: 0, at: Math.max(bucket.at, at), heldUntil: Math.max(until, bucket.heldUntil) };
}

function refill(known: Bucket, { burst, perMinute }: Rate, at: number): Bucket {
  const { tokens, at: before, heldUntil } = onClock(known, at);
  const passed = Math.max(0, at - before);
  return {
    tokens: Math.min(burst, tokens + (passed * perMinute) / MINUTE_MS),
    at: Math.max(before, at),
    heldUntil,
  };
}

/**
 * A clock that ran back gives nothing until it has caught up. One that ran back by more than Slack's minute was wrong before, and
 * nobody should wait for it: from here on it counts anew, from the one that is asked for.
 */
const onClock = (known: Bucket, at: number): Bucket =>
  known.at - at <= MINUTE_MS ? known : { tokens: 1, at, heldUntil: 0 };

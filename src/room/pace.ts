import { UNSENT_SOFT_BYTES, UNSENT_SOFT_MS } from '../lib/limits.ts';

/**
 * How far behind a reader is, by the bytes that wait for it. A sync step 2 cannot be split and may be as large as a document, so
 * its bytes do not count for as long as a reader needs for them that reads {@link READING_BYTES_PER_SECOND}; stock
 * clients that read more slowly hang up by themselves. Stateful, but without a clock: time comes in, in ms.
 */
export interface Pace {
  /** A sync step 2 of so many bytes goes out. */
  grant(bytes: number, at: number): void;
  /** Of the bytes that wait, those that are too many. */
  behind(unsent: number, at: number): number;
  /** True once a reader has been behind for too long. Asked every second. */
  isStuck(unsent: number, at: number): boolean;
}

const READING_BYTES_PER_SECOND = 256 * 1024;

export function createPace(): Pace {
  let granted = { bytes: 0, at: 0 };
  let behindSince: number | null = null;

  const leftAt = (at: number): number =>
    Math.max(0, granted.bytes - ((at - granted.at) * READING_BYTES_PER_SECOND) / 1000);

  function behind(unsent: number, at: number): number {
    if (unsent <= UNSENT_SOFT_BYTES && granted.bytes > 0) granted = { bytes: 0, at };
    return granted.bytes === 0 ? unsent : unsent - leftAt(at);
  }

  return {
    grant(bytes, at) {
      if (bytes > UNSENT_SOFT_BYTES) granted = { bytes: Math.max(bytes, leftAt(at)), at };
    },
    behind,
    isStuck(unsent, at) {
      if (behind(unsent, at) <= UNSENT_SOFT_BYTES) behindSince = null;
      else behindSince ??= at;
      return behindSince !== null && at - behindSince >= UNSENT_SOFT_MS;
    },
  };
}

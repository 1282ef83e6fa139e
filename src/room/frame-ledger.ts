/**
 * Which frames of one connection are settled: merged and durable, or refused. Every sync step 2 and update counts once, in the
 * order in which they came, so that a client knows by their number which of its edits are safe:
 *
 *   judged at a revision --that is durable--> settled
 *   beyond a gap --a step 2 heals it, judged at a revision--> as above
 *
 * A frame that is not settled holds up all after it. Stateful, but without a clock.
 */
export interface FrameLedger {
  /** True while a frame stands on others that never came. */
  readonly hasGap: boolean;
  /** True once no more frames may wait. */
  readonly isFull: boolean;
  /** A frame was judged, at the quote's newest revision. */
  judged(revision: number): void;
  /** A frame came that stands on others that never came. */
  gap(): void;
  /** A step 2 that was judged at this revision brought all that earlier frames stood on. */
  heal(revision: number): void;
  /** Everything up to `durable` is durable. How many frames are settled by now, or null where no more than before. */
  settleUpTo(durable: number): number | null;
}

/** What comes in behind a gap, while it is asked for, is far less. */
const WAITING_FRAMES_MAX = 10_000;

export function createFrameLedger(): FrameLedger {
  /** Frames that are not settled, oldest first, each with the revision that it was judged at; null beyond a gap. */
  let waiting: (number | null)[] = [];
  let gaps = 0;
  let settled = 0;

  return {
    get hasGap() {
      return gaps > 0;
    },
    get isFull() {
      return waiting.length >= WAITING_FRAMES_MAX;
    },
    judged(revision) {
      waiting.push(revision);
    },
    gap() {
      waiting.push(null);
      gaps += 1;
    },
    heal(revision) {
      if (gaps === 0) return;
      waiting = waiting.map((judgedAt) => judgedAt ?? revision);
      gaps = 0;
    },
    settleUpTo(durable) {
      if (waiting.length === 0) return null;
      const open = waiting.findIndex((revision) => revision === null || revision > durable);
      const count = open < 0 ? waiting.length : open;
      if (count === 0) return null;
      waiting.splice(0, count);
      settled += count;
      return settled;
    },
  };
}

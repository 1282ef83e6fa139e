import type { DiffJson } from '../../wire/audit-schemas.ts';
import type { QuoteJson } from '../../wire/http-schemas.ts';

/** The quote after one entry, and what is different in it from an earlier one. */
export interface Frame {
  readonly at: number;
  readonly from: number;
  readonly quote: QuoteJson;
  readonly diff: DiffJson;
}

/** Which frame: after entry `at`, compared with entry `from`; 0 is before the first. */
export type FrameKey = Pick<Frame, 'at' | 'from'>;

/**
 * The frame that is wanted, fetched one at a time: while one is on its way only the newest wish counts, so a hand that
 * runs over the slider asks for as many as the server can give and no more. The last ones are kept; when nothing is
 * wanted, the neighbours are fetched ahead.
 */
export interface Frames {
  /** `neighbours`: what will likely be wanted after it. */
  want(key: FrameKey, neighbours?: readonly FrameKey[]): void;
  /** Asks anew for what could not be fetched. */
  retry(): void;
  close(): void;
}

export interface FramesDeps {
  readonly load: (key: FrameKey, signal: AbortSignal) => Promise<Frame>;
  readonly onFrame: (frame: Frame) => void;
  readonly onFailed: (error: unknown) => void;
}

const FRAMES_KEPT = 40;

export function createFrames({ load, onFrame, onFailed }: FramesDeps): Frames {
  const kept = new Map<string, Frame>();
  const leaving = new AbortController();
  let wanted: FrameKey | null = null;
  let ahead: readonly FrameKey[] = [];
  let isLoading = false;

  function keep(frame: Frame): void {
    kept.set(nameOf(frame), frame);
    const [oldest] = kept.keys();
    if (kept.size > FRAMES_KEPT && oldest !== undefined) kept.delete(oldest);
  }

  function taken(key: FrameKey): Frame | null {
    const frame = kept.get(nameOf(key)) ?? null;
    // Used just now: it goes last.
    if (frame !== null && kept.delete(nameOf(key))) kept.set(nameOf(key), frame);
    return frame;
  }

  function next(): void {
    if (isLoading || leaving.signal.aborted) return;
    const key = wanted ?? ahead.find((one) => !kept.has(nameOf(one))) ?? null;
    if (key === null) return;
    isLoading = true;
    load(key, leaving.signal).then(
      (frame) => came(key, frame),
      (error: unknown) => failed(key, error),
    );
  }

  function came(key: FrameKey, frame: Frame): void {
    isLoading = false;
    if (leaving.signal.aborted) return;
    keep(frame);
    if (wanted !== null) {
      if (nameOf(wanted) === nameOf(key)) wanted = null;
      // Another one is shown too: the picture follows the hand.
      onFrame(frame);
    }
    next();
  }

  function failed(key: FrameKey, error: unknown): void {
    isLoading = false;
    if (leaving.signal.aborted) return;
    ahead = [];
    // A newer wish may fare better; the same one waits for a retry.
    if (wanted !== null && nameOf(wanted) === nameOf(key)) onFailed(error);
    else next();
  }

  return {
    want(key, neighbours = []) {
      ahead = neighbours;
      const frame = taken(key);
      wanted = frame === null ? key : null;
      if (frame !== null) onFrame(frame);
      next();
    },
    retry: next,
    close() {
      leaving.abort();
      kept.clear();
    },
  };
}

const nameOf = ({ at, from }: FrameKey): string => `${from} ${at}`;

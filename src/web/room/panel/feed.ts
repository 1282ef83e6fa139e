import type { LoggedEntry } from '../../../wire/http-schemas.ts';
import { problemOf } from '../../words/problem-of.ts';
import type { Activity } from '../activity.ts';
import { type FeedEntry, fromLive, fromLog } from './feed-entry.ts';
import { type LogRange, missingRange } from './missing-range.ts';

/**
 * What happened in the quote, without holes: what is told live, and from the log what came before, what was missed while
 * the connection was away, and what is too much to be told unasked. The newest are shown first; `showEarlier` goes back.
 */
export interface Feed {
  /** The same object until something changes. */
  state(): FeedState;
  /** Calls back when it changed. It follows the quote as long as somebody observes it. */
  observe(listener: () => void): () => void;
  showEarlier(): void;
  /** After a problem. */
  retry(): void;
}

export interface FeedState {
  /** Newest first. */
  readonly entries: readonly FeedEntry[];
  readonly hasEarlier: boolean;
  readonly isLoading: boolean;
  /** Why the log could not be read, for a person; null if it could. */
  readonly problem: string | null;
}

/** Entries that are shown at first, and more at each step back. */
const STEP = 50;
/** As more come live, the oldest go again, unless the reader went back to them. */
const SHOWN_MAX = 2 * STEP;
/** After a longer absence the list begins anew. */
const CATCH_UP_MAX = 500;

export function createFeed(deps: {
  readonly activity: Pick<Activity, 'entries' | 'newest' | 'observe'>;
  readonly readLog: (range: LogRange) => Promise<readonly LoggedEntry[]>;
}): Feed {
  const { activity, readLog } = deps;
  const bySeq = new Map<number, FeedEntry>();
  const listeners = new Set<() => void>();
  /** The oldest that is shown; 0 until the first revision is known. */
  let first = 0;
  let heard = 0;
  let hasGoneBack = false;
  let off: (() => void) | null = null;
  let state: FeedState = { entries: [], hasEarlier: false, isLoading: true, problem: null };

  const has = (seq: number): boolean => bySeq.has(seq);

  function become(change: Pick<FeedState, 'isLoading' | 'problem'>): void {
    const entries = [...bySeq.values()].toSorted((a, b) => b.seq - a.seq);
    state = { entries, hasEarlier: first > 1, ...change };
    for (const listener of [...listeners]) listener();
  }

  let isFilling = false;

  /** Reads one missing run after another, one at a time; what comes up meanwhile is seen before it ends. */
  async function fill(): Promise<void> {
    if (isFilling) return;
    isFilling = true;
    try {
      for (let range = nextRange(); range !== null; range = nextRange()) {
        become({ isLoading: true, problem: null });
        const entries = await readLog(range);
        for (const entry of entries) bySeq.set(entry.seq, fromLog(entry));
        if (!has(range.after + 1)) throw new Error('The log ends before the quote does. Try again.');
      }
      become({ isLoading: first === 0, problem: null });
    } catch (error) {
      become({ isLoading: false, problem: problemOf(error) });
    } finally {
      isFilling = false;
    }
  }

  const nextRange = (): LogRange | null =>
    first === 0 ? null : missingRange(has, { first, newest: activity.newest() });

  function hear(): void {
    for (const live of activity.entries()) {
      if (bySeq.has(live.seq)) break;
      const entry = fromLive(live);
      if (entry !== null) bySeq.set(live.seq, entry);
    }
    const newest = activity.newest();
    if (first === 0 && newest > 0) first = Math.max(1, newest - STEP + 1);
    if (newest - heard > CATCH_UP_MAX) hasGoneBack = false;
    if (!hasGoneBack) first = Math.max(first, newest - SHOWN_MAX + 1);
    heard = newest;
    for (const seq of bySeq.keys()) if (seq < first) bySeq.delete(seq);
    if (isFilling) become(state);
    else void fill();
  }

  return {
    state: () => state,
    observe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      if (off === null) {
        off = activity.observe(hear);
        hear();
      }
      return () => {
        listeners.delete(own);
        if (listeners.size > 0) return;
        off?.();
        off = null;
      };
    },
    showEarlier() {
      hasGoneBack = true;
      first = Math.max(1, first - STEP);
      void fill();
    },
    retry: () => void fill(),
  };
}

import type { QuoteId } from '../lib/ids.ts';
import type { Entry, Log, QuoteSummary } from './log.ts';

/**
 * Group commit without a timer: everything that all rooms submit within one turn of the event loop goes to the log in one
 * append, so a thousand edits a second cost a few hundred fsyncs, and a single edit waits for nobody.
 *
 * - One append is under way at a time; what is submitted meanwhile waits for the next.
 * - Entries go in the order of their submission, and their authors are told in it.
 * - If an append fails, everyone in it is told so with the same error, and so is whoever waits with a later entry
 *   of one of its quotes: that entry follows one that was never stored, and would spoil the next append.
 */
export interface GroupCommit {
  /**
   * Resolves when the entry is durable; rejects with what `Log.append` threw. After that the room is behind or ahead
   * of the log and has to be loaded again. `summary` is the quote's after this entry.
   */
  submit(entry: Entry, summary: QuoteSummary): Promise<void>;
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>;
}

interface Deps {
  readonly log: Pick<Log, 'append'>;
  /** Calls back after the present turn of the event loop: `setImmediate`. */
  readonly schedule: (run: () => void) => void;
}

/** One append blocks the event loop for its time: about 40 ms for this many. */
const APPEND_ENTRIES_MAX = 1_000;

interface Pending {
  readonly entry: Entry;
  readonly summary: QuoteSummary;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type AppendResult = { readonly stored: true } | { readonly stored: false; readonly error: unknown };

export function createGroupCommit({ log, schedule }: Deps): GroupCommit {
  let waiting: Pending[] = [];
  let isBusy = false;
  let drainedCallbacks: (() => void)[] = [];

  function goOn(): void {
    if (isBusy) return;
    if (waiting.length > 0) {
      isBusy = true;
      schedule(() => void appendWaiting());
      return;
    }
    const callbacks = drainedCallbacks;
    drainedCallbacks = [];
    for (const callback of callbacks) callback();
  }

  async function appendWaiting(): Promise<void> {
    const batch = waiting.slice(0, APPEND_ENTRIES_MAX);
    waiting = waiting.slice(APPEND_ENTRIES_MAX);
    const result = await append(log, batch);
    isBusy = false;
    if (result.stored) {
      for (const { resolve } of batch) resolve();
      goOn();
      return;
    }
    const lost = [...batch, ...takeSuccessors(batch)];
    for (const { reject } of lost) reject(result.error);
    goOn();
  }

  function takeSuccessors(failed: readonly Pending[]): Pending[] {
    const quotes = new Set<QuoteId>(failed.map(({ entry }) => entry.quote));
    const successors = waiting.filter(({ entry }) => quotes.has(entry.quote));
    waiting = waiting.filter(({ entry }) => !quotes.has(entry.quote));
    return successors;
  }

  return {
    submit: (entry, summary) =>
      new Promise((resolve, reject) => {
        waiting.push({ entry, summary, resolve, reject });
        goOn();
      }),
    drained: () =>
      new Promise((resolve) => {
        drainedCallbacks.push(resolve);
        goOn();
      }),
  };
}

async function append(log: Pick<Log, 'append'>, batch: readonly Pending[]): Promise<AppendResult> {
  const newest = new Map<QuoteId, QuoteSummary>();
  for (const { summary } of batch) newest.set(summary.id, summary);
  try {
    await log.append(
      batch.map(({ entry }) => entry),
      [...newest.values()],
    );
    return { stored: true };
  } catch (error) {
    return { stored: false, error };
  }
}

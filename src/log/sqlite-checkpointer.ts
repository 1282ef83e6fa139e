import { performance } from 'node:perf_hooks';
import type { Worker } from 'node:worker_threads';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { CHECKPOINT_EVERY_ENTRIES } from '../lib/limits.ts';
import type { Checkpointer } from './checkpointer.ts';
import { startThread } from './start-thread.ts';

/**
 * Makes checkpoints in a worker thread with a database connection of its own, one at a time. The thread starts
 * with the first checkpoint. A quote that is asked for again while it waits is made once.
 *
 * When a quote is due is said by `room/rooms.ts`, which counts entries but looks only once a second. What this file adds is for
 * quotes that get many in that time: one whose checkpoint turned out to be much further than the one before is followed, by
 * real time and without being asked, until it slows down. Else, after a crash, whoever opens it first waits for every entry
 * since the newest checkpoint.
 */
export function createSqliteCheckpointer(databasePath: string, pause = pauseUnheld): Checkpointer {
  let worker: Worker | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const waiting = new Map<QuoteId, Promise<void>>();
  /** Quotes that are followed, with the entries that checkpoints took in since the last look. */
  const followed = new Map<QuoteId, number>();
  let isClosed = false;

  function start(): Worker {
    const started = startThread('sqlite-checkpoint-worker', {
      beside: import.meta.url,
      data: { databasePath },
    });
    started.unref();
    // Whoever waits is told; the next checkpoint starts another thread.
    started.on('error', () => {
      if (worker === started) worker = null;
    });
    started.on('exit', () => {
      if (worker === started) worker = null;
    });
    return started;
  }

  async function run(quote: QuoteId): Promise<void> {
    waiting.delete(quote);
    if (isClosed) return;
    worker ??= start();
    const answer = await ask(worker, quote);
    if ('problem' in answer) throw checkpointFault(quote, answer.problem);
    const sinceLook = followed.get(quote);
    if (sinceLook !== undefined) followed.set(quote, sinceLook + answer.entries);
    else if (answer.entries >= FOLLOW_FROM_ENTRIES) follow(quote).catch(() => undefined);
  }

  function checkpoint(quote: QuoteId): Promise<void> {
    const known = waiting.get(quote);
    if (known !== undefined) return known;
    const made = queue.then(() => run(quote));
    waiting.set(quote, made);
    queue = made.catch(() => undefined);
    return made;
  }

  /** Ends with the first fault, which whoever asks next is told. */
  async function follow(quote: QuoteId): Promise<void> {
    let tookMs = 0;
    try {
      do {
        followed.set(quote, 0);
        await pause(Math.max(FOLLOW_MS, tookMs * FOLLOW_PAUSE_FACTOR));
        const askedAt = performance.now();
        await checkpoint(quote);
        tookMs = performance.now() - askedAt;
      } while ((followed.get(quote) ?? 0) >= FOLLOW_WHILE_ENTRIES);
    } finally {
      followed.delete(quote);
    }
  }

  return {
    checkpoint,
    async close() {
      await Promise.race([queue, pause(CLOSE_WITHIN_MS)]);
      isClosed = true;
      await worker?.terminate();
      worker = null;
    },
  };
}

/** Entries that one checkpoint is further than the one before, from which on its quote is followed, */
const FOLLOW_FROM_ENTRIES = 2 * CHECKPOINT_EVERY_ENTRIES;
/** and while which it goes on to be. */
const FOLLOW_WHILE_ENTRIES = CHECKPOINT_EVERY_ENTRIES / 5;
/** Between two looks, */
const FOLLOW_MS = 100;
/** or so many times what the last one took, so that those of large quotes do not take up a whole core. */
const FOLLOW_PAUSE_FACTOR = 4;

/** How long what is still asked for may take when the process is about to end. */
const CLOSE_WITHIN_MS = 3_000;

/** Does not keep the process from ending. */
const pauseUnheld = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** What the thread answers: how many entries the checkpoint is further than the one before, or what went wrong. */
type Answer = { readonly entries: number } | { readonly problem: string };

function ask(thread: Worker, quote: QuoteId): Promise<Answer> {
  return new Promise((resolve) => {
    const settle = (answer: Answer): void => {
      thread.off('message', settle);
      thread.off('error', fail);
      thread.off('exit', end);
      resolve(answer);
    };
    const fail = (error: Error): void => settle({ problem: error.message });
    const end = (): void => settle({ problem: 'the thread that makes checkpoints ended' });
    thread.on('message', settle);
    thread.on('error', fail);
    thread.on('exit', end);
    thread.postMessage(quote);
  });
}

const checkpointFault = (quote: QuoteId, problem: string): Fault =>
  new Fault({
    code: 'checkpoint_failed',
    message: `No checkpoint of quote ${quote} was made: ${problem}. The quote is safe; it only opens more slowly.`,
    retryable: true,
  });

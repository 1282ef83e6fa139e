import { Worker } from 'node:worker_threads';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Checkpointer } from './checkpointer.ts';

/**
 * Makes checkpoints in a worker thread with a database connection of its own, one at a time. The thread starts
 * with the first checkpoint. A quote that is asked for again while it waits is made once.
 */
export function createSqliteCheckpointer(databasePath: string): Checkpointer {
  let worker: Worker | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const waiting = new Map<QuoteId, Promise<void>>();
  let isClosed = false;

  function start(): Worker {
    const started = startThread({ databasePath });
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

  function run(quote: QuoteId): Promise<void> {
    waiting.delete(quote);
    if (isClosed) return Promise.resolve();
    worker ??= start();
    const thread = worker;
    return new Promise((resolve, reject) => {
      const settle = (problem: string | null): void => {
        thread.off('message', settle);
        thread.off('error', fail);
        thread.off('exit', end);
        if (problem === null) resolve();
        else reject(checkpointFault(quote, problem));
      };
      const fail = (error: Error): void => settle(error.message);
      const end = (): void => settle('the thread that makes checkpoints ended');
      thread.on('message', settle);
      thread.on('error', fail);
      thread.on('exit', end);
      thread.postMessage(quote);
    });
  }

  return {
    checkpoint(quote) {
      const known = waiting.get(quote);
      if (known !== undefined) return known;
      const made = queue.then(() => run(quote));
      waiting.set(quote, made);
      queue = made.catch(() => undefined);
      return made;
    },
    async close() {
      await Promise.race([queue, pause(CLOSE_WITHIN_MS)]);
      isClosed = true;
      await worker?.terminate();
      worker = null;
    },
  };
}

/** How long what is still asked for may take when the process is about to end. */
const CLOSE_WITHIN_MS = 3_000;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** Sources run through tsx, which a thread has to load by itself. */
function startThread(data: { readonly databasePath: string }): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./sqlite-checkpoint-worker.js', import.meta.url), { workerData: data });
  }
  const file = new URL('./sqlite-checkpoint-worker.ts', import.meta.url).href;
  const load = `import('tsx/esm/api').then(({ register }) => { register(); return import('${file}'); });`;
  return new Worker(load, { eval: true, workerData: data });
}

const checkpointFault = (quote: QuoteId, problem: string): Fault =>
  new Fault({
    code: 'checkpoint_failed',
    message: `No checkpoint of quote ${quote} was made: ${problem}. The quote is safe; it only opens more slowly.`,
    retryable: true,
  });

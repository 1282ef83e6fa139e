import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { QuoteId } from '../lib/ids.ts';
import { startThread } from '../log/start-thread.ts';
import type { SoundStretch, Stretch } from './check-stretch.ts';
import type { StretchThreads } from './stretches.ts';

export interface StretchAsked {
  readonly quote: QuoteId;
  readonly stretch: Stretch;
}

interface Waiting extends StretchAsked {
  answer(result: SoundStretch | null): void;
}

const THREADS_MAX = 8;
/** MiB. Deciding again leaves much behind that is soon of no use: with room for it, it is never copied. */
const YOUNG_GENERATION = 64;

interface Thread {
  readonly worker: Worker;
  /** What it is at; null while it has nothing to do. */
  current: Waiting | null;
}

/**
 * One thread for each processor, each started with the first stretch that it gets; beside a server one processor is left to
 * that. Close it when done.
 */
export function createSqliteStretches(
  databasePath: string,
  { isBesideServer }: { readonly isBesideServer: boolean },
): StretchThreads & { close(): Promise<void> } {
  const processors = Math.min(availableParallelism(), THREADS_MAX);
  const most = isBesideServer ? Math.max(1, processors - 1) : processors;
  const threads = new Set<Thread>();
  const queue: Waiting[] = [];

  function start(): Thread {
    const worker = startThread('sqlite-stretch-worker', {
      beside: import.meta.url,
      data: { databasePath },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
    });
    const thread: Thread = { worker, current: null };
    const answer = (result: SoundStretch | null): void => {
      const { current } = thread;
      thread.current = null;
      current?.answer(result);
      next();
    };
    // A thread that died says nothing of the stretch: it is walked.
    const giveUp = (): void => {
      if (threads.delete(thread)) answer(null);
    };
    worker.on('message', answer);
    worker.on('error', giveUp);
    worker.on('exit', giveUp);
    threads.add(thread);
    return thread;
  }

  const findFree = (): Thread | null =>
    [...threads].find(({ current }) => current === null) ?? (threads.size < most ? start() : null);

  function next(): void {
    const one = queue[0];
    const thread = one === undefined ? null : findFree();
    if (one === undefined || thread === null) return;
    queue.shift();
    thread.current = one;
    thread.worker.postMessage({ quote: one.quote, stretch: one.stretch } satisfies StretchAsked);
  }

  return {
    entriesMin: 4_000,
    stretchEntriesMin: 1_000,
    check: (quote, stretch) =>
      new Promise((answer) => {
        queue.push({ quote, stretch, answer });
        next();
      }),
    async close() {
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

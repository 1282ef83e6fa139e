import type { Worker } from 'node:worker_threads';
import { Fault } from '../lib/fault.ts';

/**
 * A worker thread that answers questions, each under a number, in any order. It starts with the first one. If it breaks,
 * everyone who waits is told, and the next question starts another.
 */
export interface QuestionThread {
  ask(question: unknown): Promise<unknown>;
  /** Ends what is under way. May be called twice. */
  close(): Promise<void>;
}

export interface NumberedQuestion {
  readonly n: number;
  readonly question: unknown;
}

export type NumberedAnswer = { readonly n: number } & (
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly code: string; readonly message: string; readonly retryable: boolean }
);

export interface QuestionThreadOptions {
  start(): Worker;
  /** Ends the thread, and gives its memory back, when everything is answered. */
  readonly endsWhenIdle: boolean;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export function createQuestionThread({ start, endsWhenIdle }: QuestionThreadOptions): QuestionThread {
  let thread: Thread | null = null;
  let isClosed = false;
  let asked = 0;

  interface Thread {
    readonly worker: Worker;
    readonly waiting: Map<number, Waiting>;
  }

  function launch(): Thread {
    const worker = start();
    worker.unref();
    const waiting = new Map<number, Waiting>();
    const launched = { worker, waiting };
    const breakOff = (why: string): void => {
      if (thread === launched) thread = null;
      for (const { reject } of waiting.values()) reject(failed(why));
      waiting.clear();
    };
    worker.on('message', (answer: NumberedAnswer) => {
      const one = waiting.get(answer.n);
      waiting.delete(answer.n);
      if (answer.kind === 'value') one?.resolve(answer.value);
      else one?.reject(new Fault(answer));
      if (endsWhenIdle && waiting.size === 0) end(launched);
    });
    worker.on('error', (error) => breakOff(error.message));
    worker.on('exit', () => breakOff('the thread that looks back ended'));
    return launched;
  }

  function end(ended: Thread): void {
    if (thread === ended) thread = null;
    void ended.worker.terminate();
  }

  return {
    ask(question) {
      if (isClosed) return Promise.reject(failed('the server is closing'));
      const { worker, waiting } = (thread ??= launch());
      asked += 1;
      const n = asked;
      return new Promise((resolve, reject) => {
        waiting.set(n, { resolve, reject });
        worker.postMessage({ n, question } satisfies NumberedQuestion);
      });
    },
    async close() {
      isClosed = true;
      await thread?.worker.terminate();
    },
  };
}

const failed = (message: string): Fault => new Fault({ code: 'look_back_failed', message, retryable: true });

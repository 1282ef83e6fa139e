import { unavailable } from './problem.ts';

/** Lets so much work run at once; the rest waits its turn, up to a bound, beyond which it is answered with 503. */
export interface Turns {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns({
  atOnce,
  waitingMax,
}: {
  readonly atOnce: number;
  readonly waitingMax: number;
}): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(): Promise<void> {
    if (running < atOnce) {
      running += 1;
      return;
    }
    if (waiting.length >= waitingMax) throw unavailable('busy', 'The server is busy. Try again in a moment.');
    // Whoever leaves hands their place on.
    await new Promise<void>((resolve) => void waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

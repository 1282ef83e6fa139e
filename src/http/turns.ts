import type { UserId } from '../lib/ids.ts';
import { HttpProblem, unavailable } from './problem.ts';

/**
 * Lets so much work run at once; the rest waits its turn, up to a bound, beyond which it is answered with 503. Nobody fills
 * that alone: of one person only so much runs or waits, and what is beyond is answered with 429.
 */
export interface Turns {
  run<T>(work: () => Promise<T>, who?: UserId): Promise<T>;
}

export function createTurns({
  atOnce,
  waitingMax,
  ofPersonMax = Infinity,
}: {
  readonly atOnce: number;
  readonly waitingMax: number;
  readonly ofPersonMax?: number;
}): Turns {
  const ofPerson = new Map<UserId, number>();
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

  function leavePerson(who: UserId): void {
    const own = (ofPerson.get(who) ?? 0) - 1;
    if (own > 0) ofPerson.set(who, own);
    else ofPerson.delete(who);
  }

  return {
    async run(work, who) {
      const own = who === undefined ? 0 : (ofPerson.get(who) ?? 0);
      if (own >= ofPersonMax) throw tooMany(ofPersonMax);
      if (who !== undefined) ofPerson.set(who, own + 1);
      try {
        await enter();
        try {
          return await work();
        } finally {
          leave();
        }
      } finally {
        if (who !== undefined) leavePerson(who);
      }
    },
  };
}

const tooMany = (most: number): HttpProblem =>
  new HttpProblem({
    status: 429,
    code: 'too_fast',
    message: `You have ${most} questions of this kind under way. Wait for an answer before you ask again.`,
  });

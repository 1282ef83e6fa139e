import { randomUUID } from 'node:crypto';

/** The timers and ids of this process, for everything that takes them as arguments. */

/** Runs something after so many ms; what it gives cancels that. */
export function later(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

export const newId = (): string => randomUUID();

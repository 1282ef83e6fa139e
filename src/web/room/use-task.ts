import { useRef, useState } from 'react';
import { problemOf } from '../words/problem-of.ts';

/** Something that a person has done by the server, one at a time, and why it came to nothing. */
export interface Task {
  readonly isBusy: boolean;
  /** For a person; null once it is tried again. */
  readonly problem: string | null;
  /** Does nothing while another one is on its way. */
  run(work: () => Promise<void>): void;
  /** It cannot be done, though nothing failed. */
  refuse(problem: string): void;
}

export function useTask(): Task {
  const isRunning = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function finish(work: () => Promise<void>): Promise<void> {
    isRunning.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      isRunning.current = false;
      setBusy(false);
    }
  }

  return {
    isBusy,
    problem,
    run(work) {
      if (!isRunning.current) void finish(work);
    },
    refuse: setProblem,
  };
}

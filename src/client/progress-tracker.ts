import { Fault } from '../lib/fault.ts';
import type { Closure } from './closure.ts';
import {
  type Progress,
  type SaveEvent,
  type SaveState,
  advance,
  atStart,
  isSettled,
  saveStateOf,
} from './save-state.ts';

/** Holds the one state of the save machine and those who wait for it. */
export interface ProgressTracker {
  /** Feeds the machine; listeners hear of it only where the public state changes. */
  advance(event: SaveEvent): void;
  /** The same object until it changes. */
  state(): SaveState;
  /** Why the connection is closed for good, or null. */
  closure(): Closure | null;
  /** Resolves at the server's sync step 2 of the current or next connection; rejects with a `Fault` when closed for good. */
  whenSynced(): Promise<void>;
  /** Resolves as soon as nothing is left to save; rejects with a `Fault` when closed for good. */
  whenSaved(): Promise<void>;
}

/** `unsent`: edits of a former life of the page, which the first sync step 2 will carry. */
export function createProgressTracker(onState: (state: SaveState) => void, unsent = 0): ProgressTracker {
  let progress: Progress = { ...atStart, unsent };
  let state = saveStateOf(progress);
  const waiting = new Set<() => void>();

  const closure = (): Closure | null => (progress.link === 'shut' ? progress.because : null);

  function when(reached: (progress: Progress) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const closed = closure();
        if (closed === null && !reached(progress)) return;
        waiting.delete(check);
        if (closed === null) resolve();
        else reject(closedFault(closed));
      };
      waiting.add(check);
      check();
    });
  }

  return {
    advance(event) {
      progress = advance(progress, event);
      const next = saveStateOf(progress);
      if (!isSame(state, next)) {
        state = next;
        onState(state);
      }
      for (const check of waiting) check();
    },
    state: () => state,
    closure,
    whenSynced: () => when(({ synced }) => synced),
    whenSaved: () => when(isSettled),
  };
}

const closedFault = ({ kind, message }: Closure): Fault =>
  new Fault({ code: `client_${kind}`, message, retryable: kind === 'unauthenticated' });

/** States are small plain data, always built in the same order of keys. */
const isSame = (a: SaveState, b: SaveState): boolean => JSON.stringify(a) === JSON.stringify(b);

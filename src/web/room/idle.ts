/**
 * Whether the person is at the page: `idle` after two minutes without input, `away` after five, here again at the next
 * input. One timer, set for when something may change, not for each key.
 */
export type IdleStatus = 'idle' | 'away' | null;

const IDLE_MS = 2 * 60_000;
const AWAY_MS = 5 * 60_000;

const idleStatus = (quietMs: number): IdleStatus =>
  quietMs >= AWAY_MS ? 'away' : quietMs >= IDLE_MS ? 'idle' : null;

export interface Idle {
  /** The person did something. */
  input(): void;
  close(): void;
}

export interface IdleDeps {
  /** Monotone, in ms. */
  readonly now: () => number;
  /** Calls back once; returns the function that calls it off. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Hears of each change, not of the state at first: here. */
  readonly onChange: (status: IdleStatus) => void;
}

export function createIdle({ now, after, onChange }: IdleDeps): Idle {
  let lastInput = now();
  let status: IdleStatus = null;
  let callOff = after(IDLE_MS, look);

  function look(): void {
    const quiet = now() - lastInput;
    become(idleStatus(quiet));
    if (quiet < AWAY_MS) callOff = after((quiet < IDLE_MS ? IDLE_MS : AWAY_MS) - quiet, look);
  }

  function become(next: IdleStatus): void {
    if (next === status) return;
    status = next;
    onChange(next);
  }

  return {
    input() {
      lastInput = now();
      if (status === null) return;
      become(null);
      callOff();
      callOff = after(IDLE_MS, look);
    },
    close: () => callOff(),
  };
}

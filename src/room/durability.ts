import type { Gate } from '../authority/gate.ts';
import { Fault } from '../lib/fault.ts';

/**
 * How much of a quote is durable, and who waits for more of it. The gate runs ahead of the disk by the appends that are under way.
 *
 * Entries become durable in order. Whoever waits is let go only when everyone in the room was told of what it waited for, which
 * the outflow says by `told`; if the room ends before, nobody ever is.
 */
export interface Durability {
  /** The newest revision that is durable. */
  readonly revision: number;
  /** True once the room is closed. */
  readonly isAbandoned: boolean;
  /** True if nothing that the gate merged still waits to become durable. */
  isIdle(): boolean;
  /** Everything up to a revision is durable. */
  reach(revision: number): void;
  /** Everyone was told of everything durable. */
  told(): void;
  /** Resolves when a revision is durable; rejects with `room_closed` when the room is closed before. */
  until(revision: number): Promise<void>;
  /** Runs `run` once everyone was told of an entry that is not durable yet; never if the room is closed before. */
  whenTold(revision: number, run: () => void): void;
  /** The room is closed. */
  abandon(): void;
}

interface Waiting {
  readonly revision: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export function createDurability(gate: Pick<Gate, 'revision'>): Durability {
  let durable = gate.revision;
  let waiting: Waiting[] = [];
  let isAbandoned = false;

  return {
    get revision() {
      return durable;
    },
    get isAbandoned() {
      return isAbandoned;
    },
    isIdle: () => durable === gate.revision,
    reach(revision) {
      durable = revision;
    },
    told() {
      if (waiting.length === 0) return;
      const due = waiting.filter(({ revision }) => revision <= durable);
      waiting = waiting.filter(({ revision }) => revision > durable);
      for (const { resolve } of due) resolve();
    },
    until(revision) {
      if (revision <= durable) return Promise.resolve();
      if (isAbandoned) return Promise.reject(roomClosed());
      return new Promise((resolve, reject) => waiting.push({ revision, resolve, reject }));
    },
    whenTold(revision, run) {
      waiting.push({ revision, resolve: run, reject: () => undefined });
    },
    abandon() {
      isAbandoned = true;
      for (const { reject } of waiting) reject(roomClosed());
      waiting = [];
    },
  };
}

/** Whatever was asked of the room can be asked of the one that is loaded next. */
export const roomClosed = (): Fault =>
  new Fault({
    code: 'room_closed',
    message: 'The quote was closed meanwhile. Try again in a moment.',
    retryable: true,
  });

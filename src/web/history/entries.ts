import type { LoggedEntry } from '../../wire/http-schemas.ts';
import { createListeners } from '../room/listeners.ts';

/** Entries of the log by number, fetched a hundred at a time where somebody looks at them, and kept. */
export interface Entries {
  /** Null until it is there. */
  get(seq: number): LoggedEntry | null;
  /** Fetches what is missing of these, both ends included. `newest` is the log's end. */
  want(range: { readonly from: number; readonly to: number; readonly newest: number }): void;
  /** Counts what has come, for who reads this from outside. */
  version(): number;
  observe(listener: () => void): () => void;
  close(): void;
}

const CHUNK = 100;
/** 20,000 entries. */
const CHUNKS_MAX = 200;

export function createEntries(
  load: (range: { after: number; limit: number }, signal: AbortSignal) => Promise<readonly LoggedEntry[]>,
): Entries {
  const chunks = new Map<number, readonly LoggedEntry[]>();
  const asked = new Set<number>();
  const leaving = new AbortController();
  const listeners = createListeners<'all'>();
  let version = 0;

  function fetchChunk(chunk: number): void {
    if (asked.has(chunk)) return;
    asked.add(chunk);
    void load({ after: chunk * CHUNK, limit: CHUNK }, leaving.signal)
      .then((entries) => {
        if (leaving.signal.aborted) return;
        chunks.delete(chunk);
        chunks.set(chunk, entries);
        const [oldest] = chunks.keys();
        if (chunks.size > CHUNKS_MAX && oldest !== undefined) chunks.delete(oldest);
        version += 1;
      })
      // They are words beside the picture: who looks again asks again.
      .catch(() => undefined)
      .then(() => {
        asked.delete(chunk);
        if (!leaving.signal.aborted) listeners.call('all');
      });
  }

  return {
    get: (seq) => chunks.get(chunkOf(seq))?.[(seq - 1) % CHUNK] ?? null,
    want({ from, to, newest }) {
      for (let chunk = chunkOf(Math.max(1, from)); chunk <= chunkOf(Math.min(to, newest)); chunk++) {
        const has = chunks.get(chunk)?.length ?? 0;
        if (has < Math.min(CHUNK, newest - chunk * CHUNK)) fetchChunk(chunk);
      }
    },
    version: () => version,
    observe: (listener) => listeners.add('all', listener),
    close: () => leaving.abort(),
  };
}

const chunkOf = (seq: number): number => Math.floor((seq - 1) / CHUNK);

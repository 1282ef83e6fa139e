import { closeCodes } from '../wire/close-codes.ts';
import { countLatency, emptyHistogram } from './latency-histogram.ts';
import type { SessionFigures } from './session-store.ts';

/** What is counted of one open session, on top of what is stored of it. Nothing here tells anybody, or asks to be written. */
export interface FiguresCount {
  /** A socket came. */
  connected(): void;
  /** So many people are here now. */
  peopled(count: number): void;
  /** A socket is over that lasted so long; `code` null where its session ended under it. */
  disconnected(code: number | null, ms: number): void;
  edited(accepted: number): void;
  seen(ms: number): void;
  passed(messages: number, bytes: number): void;
  /** As they are at this moment. */
  now(): SessionFigures;
}

export function createFiguresCount(stored: SessionFigures): FiguresCount {
  const latency = [...stored.latency];
  const figures = { ...stored, latency };

  return {
    connected() {
      figures.connections += 1;
    },
    peopled(count) {
      figures.peopleMax = Math.max(figures.peopleMax, count);
    },
    disconnected(code, ms) {
      figures.connectionMs += ms;
      if (code !== null && UNWANTED_CODES.has(code)) figures.unwantedDisconnects += 1;
    },
    edited(accepted) {
      figures.edits += accepted;
    },
    seen: (ms) => countLatency(latency, ms),
    passed(messages, bytes) {
      figures.messages += messages;
      figures.bytes += bytes;
    },
    now: () => ({ ...figures, latency: [...latency] }),
  };
}

/** Of a session in which nothing was counted yet. */
export const noFigures = (): SessionFigures => ({
  edits: 0,
  peopleMax: 0,
  connections: 0,
  connectionMs: 0,
  unwantedDisconnects: 0,
  messages: 0,
  bytes: 0,
  latency: emptyHistogram(),
});

/** The socket broke, was too slow, or too fast: nobody meant it to end. */
const UNWANTED_CODES: ReadonlySet<number> = new Set([1006, closeCodes.tooSlow, closeCodes.tooFast]);

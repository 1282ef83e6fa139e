import type { QuoteId } from '../lib/ids.ts';
import type { Sessions } from '../session/sessions.ts';
import type { RoomMetrics } from './room-metrics.ts';

/** A room's metrics, counted for the open session of its quote as well: traffic in one go every second, edits to sight at once. */
export interface CountedMetrics {
  readonly metrics: RoomMetrics;
  /** Hands on what was counted since. */
  tick(): void;
}

export function countForSession(metrics: RoomMetrics, sessions: Sessions, quote: QuoteId): CountedMetrics {
  let messages = 0;
  let bytes = 0;
  return {
    metrics: {
      ...metrics,
      received(length) {
        metrics.received(length);
        messages += 1;
        bytes += length;
      },
      sent(length, connections) {
        metrics.sent(length, connections);
        messages += connections;
        bytes += length * connections;
      },
      seen(ms) {
        metrics.seen(ms);
        const id = sessions.idOf(quote);
        if (id !== null) sessions.seen(id, ms);
      },
    },
    tick() {
      const id = messages > 0 ? sessions.idOf(quote) : null;
      if (id !== null) sessions.traffic(id, { messages, bytes });
      messages = 0;
      bytes = 0;
    },
  };
}

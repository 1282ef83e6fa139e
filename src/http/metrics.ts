import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Log } from '../log/log.ts';
import type { UsageTotals } from '../audit/sqlite-usage-totals.ts';
import type { RoomMetrics } from '../room/room-metrics.ts';
import { createUsageMetrics } from './usage-metrics.ts';

/** What the server counts, for Prometheus; a registry of its own, so that two servers in one process share nothing. */
export interface Metrics {
  readonly registry: Registry;
  readonly rooms: RoomMetrics;
  /** The same log, with its appends timed. */
  timed(log: Log): Log;
  /** An HTTP request was answered. `route` is its pattern, not its path. */
  answered(
    request: { readonly method: string; readonly route: string; readonly status: number },
    seconds: number,
  ): void;
  /** How many there are is asked whenever the numbers are read. */
  watch(count: { readonly connections: () => number; readonly rooms: () => number }): void;
  /** The figures of use are those of this database. To be called before anything is appended. */
  watchUsage(totals: UsageTotals): void;
}

/** Seconds; an edit is to be on other screens within 50 ms. */
const FAST = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const BATCH = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, labels: string[] = []) =>
    new Counter({ name: `quoteroom_${name}`, help, labelNames: labels, registers });
  const histogram = (name: string, help: string, buckets: number[], labels: string[] = []) =>
    new Histogram({ name: `quoteroom_${name}`, help, buckets, labelNames: labels, registers });

  const framesIn = counter('frames_received_total', 'WebSocket frames received');
  const bytesIn = counter('received_bytes_total', 'Bytes of WebSocket frames received');
  const framesOut = counter('update_frames_sent_total', 'Frames with updates sent, one for each connection');
  const bytesOut = counter('update_sent_bytes_total', 'Bytes of frames with updates sent');
  const writes = counter('writes_total', 'Writes judged, by verdict', ['verdict']);
  const sight = histogram(
    'edit_to_sight_seconds',
    'From an edit coming in to its leaving for the others',
    FAST,
  );
  const closes = counter('closes_total', 'Connections closed by the server, by close code', ['code']);
  const append = histogram('log_append_seconds', 'One append to the log, with its fsync', FAST);
  const batch = histogram('log_append_entries', 'Entries of one append', BATCH);
  const requests = histogram('http_request_seconds', 'HTTP requests answered', FAST, [
    'method',
    'route',
    'status',
  ]);

  const usage = createUsageMetrics(registry);

  return {
    registry,
    rooms: {
      received(bytes) {
        framesIn.inc();
        bytesIn.inc(bytes);
      },
      sent(bytes, connections) {
        framesOut.inc(connections);
        bytesOut.inc(bytes * connections);
      },
      judged(accepted, refused) {
        if (accepted > 0) writes.inc({ verdict: 'accepted' }, accepted);
        if (refused > 0) writes.inc({ verdict: 'refused' }, refused);
      },
      seen: (milliseconds) => sight.observe(milliseconds / 1000),
      closed: (code) => closes.inc({ code }),
    },
    timed: (log) => ({
      ...log,
      async append(entries, summaries) {
        if (entries.length > 0) batch.observe(entries.length);
        const end = append.startTimer();
        await log.append(entries, summaries);
        end();
        usage.appended(entries);
      },
    }),
    answered: ({ method, route, status }, seconds) => requests.observe({ method, route, status }, seconds),
    watch(count) {
      gauge('connections', 'WebSocket connections open', count.connections);
      gauge('rooms', 'Quotes with somebody in them', count.rooms);
    },
    watchUsage: usage.watch,
  };

  function gauge(name: string, help: string, read: () => number): Gauge {
    return new Gauge({
      name: `quoteroom_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
}

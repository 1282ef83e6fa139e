import { Counter, Gauge, type Registry } from 'prom-client';
import type { SessionTotals, UsageTotals } from '../audit/sqlite-usage-totals.ts';
import { countConflicts, noConflicts } from '../audit/usage-conflicts.ts';
import type { Entry } from '../log/log.ts';

/**
 * The figures of use as metrics; `docs/figures.md` says what each is. They go on where the last process of this data folder
 * ended. Reading them sums up the rows of sessions, and never the log: its conflicts are counted once, and then one by one.
 */
export interface UsageMetrics {
  /** Entries are durable. */
  appended(entries: readonly Entry[]): void;
  /** From now on the numbers are those of this database. To be called before anything is appended. */
  watch(totals: UsageTotals): void;
}

export function createUsageMetrics(registry: Registry): UsageMetrics {
  const registers = [registry];
  let counted = noConflicts();

  function addSessionMetrics(totals: UsageTotals): void {
    const setters: ((now: SessionTotals) => void)[] = [];
    // This one reads for all of them: metrics are asked in the order in which they come into the registry.
    const active = new Gauge({
      name: 'quoteroom_sessions_active',
      help: 'Sessions with somebody in them',
      registers: [],
      collect() {
        const now = totals.sessions();
        this.set(now.active);
        for (const set of setters) set(now);
      },
    });
    registry.registerMetric(active);
    const gauge = (name: string, help: string, read: (now: SessionTotals) => number): void => {
      const metric = new Gauge({ name: `quoteroom_${name}`, help, registers });
      setters.push((now) => metric.set(read(now)));
    };
    const counter = (name: string, help: string, read: (now: SessionTotals) => number): void => {
      const metric = new Counter({ name: `quoteroom_${name}`, help, registers });
      setters.push((now) => setCounter(metric, {}, read(now)));
    };
    const ended = new Counter({
      name: 'quoteroom_sessions_total',
      help: 'Sessions that ended, by how',
      labelNames: ['ended'],
      registers,
    });
    setters.push(({ endedByHand, endedInactive }) => {
      setCounter(ended, { ended: 'by_hand' }, endedByHand);
      ended.inc({ ended: 'inactive' }, endedInactive);
    });
    gauge('sessions_open', 'Sessions that have not ended', ({ open }) => open);
    gauge('session_participants_mean', 'People in a session with somebody in it, on average', (now) =>
      ratio(now.present, now.active),
    );
    gauge('session_stability_ratio', 'Share of sessions without an unwanted disconnect', (now) =>
      ratio(now.stable, now.endedByHand + now.endedInactive + now.open),
    );
    gauge('edits_shared_ratio', 'Share of edits made in sessions of two or more people', (now) =>
      ratio(now.editsShared, now.edits),
    );
    counter('session_edits_total', 'Writes that stood, in sessions', ({ edits }) => edits);
    counter(
      'session_edits_shared_total',
      'The same, in sessions of two or more people',
      (now) => now.editsShared,
    );
    counter('session_connections_total', 'Connections that took part in a session', (now) => now.connections);
    counter(
      'connection_seconds_total',
      'How long connections lasted that are over',
      (now) => now.connectionMs / 1000,
    );
    counter(
      'unwanted_disconnects_total',
      'Connections that ended with 1006, 4508 or 4529',
      (now) => now.unwantedDisconnects,
    );
    counter(
      'session_messages_total',
      'Frames received and frames with updates sent, in sessions',
      (now) => now.messages,
    );
    counter('session_bytes_total', 'Bytes of these frames', ({ bytes }) => bytes);
  }

  function addConflictMetrics(): void {
    const conflicts = new Counter({
      name: 'quoteroom_conflicts_total',
      help: 'Writes refused by authority, writes held, and held conflicts that nobody settled in time',
      labelNames: ['kind'],
      registers: [],
      collect() {
        setCounter(this, { kind: 'refused' }, counted.refused);
        this.inc({ kind: 'held' }, counted.held);
        this.inc({ kind: 'expired' }, counted.expired);
      },
    });
    const byField = new Counter({
      name: 'quoteroom_conflicts_by_field_total',
      help: 'Writes refused by authority or held, by field',
      labelNames: ['field'],
      registers: [],
      collect() {
        this.reset();
        for (const [field, count] of counted.byField) this.inc({ field: labelOf(field) }, count);
      },
    });
    registry.registerMetric(conflicts);
    registry.registerMetric(byField);
  }

  return {
    appended(entries) {
      for (const entry of entries) countConflicts(counted, entry);
    },
    watch(totals) {
      counted = totals.conflicts();
      addSessionMetrics(totals);
      addConflictMetrics();
    },
  };
}

/** prom-client has counters only go up; this one is counted elsewhere. */
function setCounter<Label extends string>(
  counter: Counter<Label>,
  labels: Partial<Record<Label, string>>,
  value: number,
): void {
  counter.reset();
  counter.inc(labels, value);
}

/** Of nothing, Prometheus has NaN. */
const ratio = (part: number, whole: number): number => (whole === 0 ? Number.NaN : part / whole);

/** Free columns have any name that people give them; as labels they are one. */
const labelOf = (field: string): string => field.replace(/(^|\/)x_.*$/, '$1x_*');

import { Counter, Gauge, type Registry } from 'prom-client';

/** What is counted of the Slack mirror; nothing of it is there where Slack is switched off. */
export interface SlackCounters {
  sent(what: string, result: string): void;
  buried(what: string): void;
  unchanged(): void;
  received(kind: string, result: string): void;
}

/** How things stand, asked whenever the numbers are read. */
export interface SlackStanding {
  readonly waiting: number;
  /** ms */
  readonly oldestWaitingAge: number;
  readonly paused: number;
  readonly live: number;
  readonly isStopped: boolean;
  readonly isConnected: boolean;
}

export function createSlackCounters(registry: Registry, standing: () => SlackStanding): SlackCounters {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `quoteroom_slack_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string, read: (now: SlackStanding) => number): void =>
    void new Gauge({
      name: `quoteroom_slack_${name}`,
      help,
      registers,
      collect() {
        this.set(read(standing()));
      },
    });
  const sends = counter('sends_total', 'Calls to Slack, by what was sent and what came of it', [
    'what',
    'result',
  ]);
  const dead = counter('messages_dead_total', 'Messages that Slack will never take', ['what']);
  const same = counter('cards_unchanged_total', 'Cards that were not sent, since they show the same');
  const taken = counter('received_total', 'What came from Slack, by what it is and what became of it', [
    'kind',
    'result',
  ]);
  gauge('outbox_waiting', 'Messages that wait to be sent', ({ waiting }) => waiting);
  gauge('outbox_oldest_seconds', 'How long the oldest of them waits', (now) => now.oldestWaitingAge / 1000);
  gauge('mirrors_live', 'Cards that are kept up to date', ({ live }) => live);
  gauge('mirrors_paused', 'Cards in channels that Slack refuses', ({ paused }) => paused);
  gauge('connected', '1 where what people do in Slack comes in; over HTTP that is up to Slack', (now) =>
    Number(now.isConnected),
  );
  gauge('stopped', '1 where Slack refuses the app altogether', ({ isStopped }) => Number(isStopped));
  return {
    sent: (what, result) => sends.inc({ what, result }),
    buried: (what) => dead.inc({ what }),
    unchanged: () => same.inc(),
    received: (kind, result) => taken.inc({ kind, result }),
  };
}

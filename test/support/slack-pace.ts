import { onTestFinished } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { type CardSender, createCardSender } from '../../src/slack/card-sender.ts';
import { type CardView, renderCard } from '../../src/slack/card.ts';
import type { Outcome, SentMessage } from '../../src/slack/slack-api.ts';
import { createSlackStore } from '../../src/slack/slack-store.ts';
import { NO_METRICS } from './slack-delivery.ts';

/** Cards of quotes that change all the time, really sent and stored, by a clock of the test's own. */
export interface PaceRun {
  /** What was sent, in order. */
  readonly updates: readonly PacedUpdate[];
  /** ms since it began */
  readonly at: number;
  edit(card: number): void;
  /** Somebody comes, or leaves again. */
  join(card: number): void;
  /** Runs on, with a tick every 250 ms. Calls `each` before each. */
  run(ms: number, each?: () => void): Promise<void>;
  /** What Slack answers instead of taking the next one. */
  answerNext(outcome: Exclude<Outcome<never>, { readonly kind: 'ok' }>): void;
  /** The same data in another process. */
  restart(): void;
  /** Whether a card shows its quote as it is. */
  isRight(card: number): boolean;
}

export interface PacedUpdate {
  readonly card: number;
  readonly at: number;
  /** What it shows. */
  readonly revision: number;
  readonly people: number;
  readonly isTaken: boolean;
}

const TICK_MS = 250;
const BEGIN = Date.parse('2026-03-05T14:00:00Z');

interface Quote {
  revision: number;
  people: number;
}

export function startPaceRun(cards: number): PaceRun {
  const db = openDatabase(':memory:');
  migrateUp(db);
  onTestFinished(() => void db.close());
  const store = createSlackStore(db);
  const quotes = new Map<string, Quote>();
  const contents = new Map<string, string>();
  const updates: PacedUpdate[] = [];
  const refusals: Exclude<Outcome<never>, { readonly kind: 'ok' }>[] = [];
  let at = BEGIN;
  const now = (): number => at;

  for (let card = 0; card < cards; card++) {
    quotes.set(`m${card}`, { revision: 1, people: 1 });
    store.mirrors.add({
      ...{ id: `m${card}`, quote: `q${card}` as QuoteId, session: `s${card}`, channel: `C${card}` },
      ...{
        channelName: 'deals',
        sharedBy: 'max' as UserId,
        createdAt: at,
        followedSeq: 1,
        followedTotal: '',
      },
    });
    store.mirrors.posted(`m${card}`, `1.${card}`, { hash: '', revision: 0, at });
  }

  const quoteOf = (id: string): Quote => present(quotes.get(id), `there is a card ${id}`);
  const namesOf = ({ people }: Quote): string[] => Array.from({ length: people }, (_, index) => `p${index}`);
  const viewOf = (id: string): CardView => {
    const quote = quoteOf(id);
    return {
      ...{ mirror: id, quote: id.replace('m', 'q') as QuoteId, revision: quote.revision },
      ...{ url: 'https://quotes.test/q/q1', title: 'Bolts', customer: 'ACME', status: 'Draft' },
      ...{ total: `${quote.revision}.00 EUR`, lines: 1, state: 'solo', conflicts: 0 },
      ...{ lastChange: null, endsAt: null, ended: null },
      people: namesOf(quote).map((name) => ({
        ...{ name, role: 'sales_rep', status: 'viewing', cell: null, lastActivityAt: 0 },
      })),
    };
  };

  const start = (): CardSender =>
    createCardSender({
      store,
      api: {
        async update(message, content): Promise<Outcome<SentMessage>> {
          const id = message.channel.replace('C', 'm');
          const refusal = refusals.shift();
          const { revision, people } = quoteOf(id);
          const isTaken = refusal === undefined;
          updates.push({ card: Number(id.slice(1)), at: at - BEGIN, revision, people, isTaken });
          if (refusal !== undefined) return refusal;
          contents.set(id, JSON.stringify(content));
          return { kind: 'ok', value: message };
        },
      },
      reader: {
        card: async ({ id }) => viewOf(id),
        signature: ({ quote }) => {
          const known = quoteOf(quote.replace('q', 'm'));
          const people = namesOf(known).join();
          return { all: `${known.revision} ${people}`, urgent: people };
        },
      },
      metrics: NO_METRICS,
      refused: () => undefined,
      beforeEnd: async () => undefined,
      now,
      report: (error) => {
        throw error;
      },
    });
  let sender = start();

  return {
    updates,
    get at() {
      return at - BEGIN;
    },
    edit: (card) => void quoteOf(`m${card}`).revision++,
    join(card) {
      const quote = quoteOf(`m${card}`);
      quote.people = quote.people === 1 ? 2 : 1;
    },
    async run(ms, each) {
      for (const end = at + ms; at < end; at += TICK_MS) {
        each?.();
        sender.tick(store.mirrors.open());
        await sender.settled();
      }
    },
    answerNext: (outcome) => void refusals.push(outcome),
    restart: () => void (sender = start()),
    isRight: (card) => contents.get(`m${card}`) === JSON.stringify(renderCard(viewOf(`m${card}`))),
  };
}

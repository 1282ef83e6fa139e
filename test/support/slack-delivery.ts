import { Fault } from '../../src/lib/fault.ts';
import { join } from 'node:path';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { present } from '../../src/lib/assert.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import type { Room } from '../../src/room/room.ts';
import type { Participant, Session } from '../../src/session/sessions.ts';
import { type SlackMirror, createSlackMirror } from '../../src/slack/mirror.ts';
import { createQuoteReader } from '../../src/slack/quote-reader.ts';
import { API_OPTIONS, createSlackApi } from '../../src/slack/slack-api.ts';
import type { SlackMetrics } from '../../src/slack/slack-metrics.ts';
import { type SlackStore, createSlackStore } from '../../src/slack/slack-store.ts';
import type { Mirror } from '../../src/slack/sqlite-mirrors.ts';
import { BOT_TOKEN, type SlackEmulator } from './slack-emulator.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * One mirror of one quote, really stored and really sent, at a time that the test moves by hand. The quote is a stand-in
 * of which nothing is known but its title, and nothing is told of it but what a test puts into the outbox.
 */
export interface SlackDelivery {
  readonly store: SlackStore;
  readonly mirror: SlackMirror;
  readonly channel: string;
  readonly reported: readonly unknown[];
  /** The stored mirror, as it is now. */
  stored(): Mirror;
  /** Puts the card on its way. */
  addCard(mirror?: string): void;
  addNotice(key: string, mirror?: string): void;
  /** Of another quote, in the same channel. */
  addMirror(id: string): void;
  addDirect(key: string, user: string): void;
  addPrivate(key: string, user: string): void;
  setTitle(title: string): void;
  /** Who is in the session, by name. It changes the card and no revision. */
  setPeople(...names: readonly string[]): void;
  /** The quote cannot be opened, until it is called with null. */
  failToOpen(error: Error | null): void;
  endSession(): void;
  pass(ms: number): void;
  /** Ticks, a second of stored time apart, until it is so. */
  until(condition: () => boolean | Promise<boolean>, options?: { readonly each?: () => void }): Promise<void>;
  /** Until nothing waits in the outbox. */
  untilSent(options?: { readonly each?: () => void }): Promise<void>;
  /** The same data in another process. */
  restart(): void;
}

export const NO_METRICS: SlackMetrics = {
  sent: () => undefined,
  buried: () => undefined,
  unchanged: () => undefined,
  received: () => undefined,
};

/** What goes wrong here is meant to. */
const TOLD = new Set(['slack_paused', 'slack_stopped']);

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
const MIRROR = 'm1';
const ROUNDS_MAX = 1_000;

export function startSlackDelivery(
  { proxy }: Pick<SlackEmulator, 'proxy'>,
  channel: string,
  options: { readonly timeoutMs?: number } = {},
): SlackDelivery {
  const db = openDatabase(join(temporaryFolder(), 'quoteroom.db'));
  migrateUp(db);
  onTestFinished(() => void db.close());
  const store = createSlackStore(db);
  const quote = 'q1' as QuoteId;
  const doc = new Y.Doc();
  const gate = { doc, revision: 1 };
  // What the mirror asks of a room.
  const room = {
    gate,
    conflicts: { count: () => 0 },
    readDurably: async <T>(read: (of: typeof gate) => T) => read(gate),
  } as unknown as Room;
  let at = Date.now();
  let session: Session = {
    ...{ id: 's1', quote, state: 'solo', startedAt: at, startedBy: null, lastActivityAt: at },
    ...{ warnedAt: null, endsAt: at + 3_600_000, endedAt: null, endedBy: null, endedWhy: null, people: [] },
  };
  const reported: unknown[] = [];
  let unopenable: Error | null = null;
  const openRoom = async (): Promise<Room> => {
    if (unopenable !== null) throw unopenable;
    return room;
  };
  const now = (): number => at;

  const sessions = {
    find: async () => session,
    ofQuote: () => (session.endedAt === null ? session : null),
  };
  const start = (): SlackMirror =>
    createSlackMirror({
      store,
      api: createSlackApi(
        new WebClient(BOT_TOKEN, {
          ...API_OPTIONS,
          ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
          slackApiUrl: proxy.url,
          logger: SILENT,
        }),
      ),
      rooms: { peek: () => room },
      reader: createQuoteReader({
        rooms: { peek: () => room, open: openRoom },
        log: { summary: async () => ({ lastChange: { at: 0, by: '', cell: null } }) as never },
        sessions,
        directory: { people: async () => [] },
        publicUrl: () => 'https://quotes.test',
      }),
      log: { entries: async () => [] },
      sessions: { ...sessions, watch: () => () => undefined },
      readerOf: async () => null,
      publicUrl: () => 'https://quotes.test',
      metrics: NO_METRICS,
      now,
      // That something is paused or stopped is seen in the store.
      report: (error) => {
        if (!(error instanceof Fault && TOLD.has(error.code))) reported.push(error);
      },
    });
  let mirror = start();
  const addMirror = (id: string, of: QuoteId): void =>
    void store.mirrors.add({
      ...{ id, quote: of, session: session.id, channel, channelName: 'deals', sharedBy: 'max' as UserId },
      ...{ createdAt: at, followedSeq: 1, followedTotal: '0.00 EUR' },
    });
  addMirror(MIRROR, quote);

  const delivery: SlackDelivery = {
    store,
    get mirror() {
      return mirror;
    },
    channel,
    reported,
    stored: () => present(store.mirrors.find(MIRROR), 'the mirror is stored'),
    addMirror: (id) => addMirror(id, `quote-of-${id}` as QuoteId),
    addCard: (of = MIRROR) =>
      store.outbox.add({ key: `card:${of}`, mirror: of, message: { kind: 'card', channel }, at }),
    addNotice: (key, of = MIRROR) =>
      store.outbox.add({
        key,
        mirror: of,
        message: { kind: 'thread', channel, text: key, blocks: [] },
        at,
      }),
    addDirect: (key, user) =>
      store.outbox.add({ key, mirror: null, message: { kind: 'direct', user, text: key, blocks: [] }, at }),
    addPrivate: (key, user) =>
      store.outbox.add({
        key,
        mirror: null,
        message: { kind: 'private', channel, user, thread: null, text: key, blocks: [] },
        at,
      }),
    failToOpen: (error) => void (unopenable = error),
    setTitle(title) {
      doc.getMap('fields').set('title', title);
      gate.revision++;
    },
    setPeople(...names) {
      const people = names.map((name): Participant => ({
        ...{ user: name as UserId, name, role: 'sales_rep', permission: 'editor', status: 'viewing' },
        ...{ cell: null, joinedAt: at, lastActivityAt: at, leftAt: null },
      }));
      session = { ...session, people };
    },
    endSession() {
      session = { ...session, state: 'closed', endedAt: at, endedWhy: 'inactive' };
    },
    pass: (ms) => void (at += ms),
    async until(condition, { each } = {}) {
      for (let round = 0; round < ROUNDS_MAX; round++) {
        mirror.tick();
        await mirror.settled();
        each?.();
        if (await condition()) return;
        at += 1_000;
      }
      throw new Error(`it did not come about: ${JSON.stringify(store.outbox.counts())}`);
    },
    untilSent(more) {
      const isDone = (): boolean => {
        const { pending, inflight } = store.outbox.counts();
        return pending + inflight === 0;
      };
      return delivery.until(isDone, more);
    },
    restart() {
      mirror = start();
      mirror.start();
    },
  };
  return delivery;
}

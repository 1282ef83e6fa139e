import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, LogLevel, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Result } from '../lib/result.ts';
import type { Log } from '../log/log.ts';
import type { DurableUpdate } from '../room/durable-update.ts';
import type { Rooms } from '../room/rooms.ts';
import type { SessionKeeper } from '../room/session-keeper.ts';
import type { Access } from '../session/access.ts';
import type { Directory } from '../session/directory.ts';
import type { SessionLimits } from '../session/find-full.ts';
import type { Sessions } from '../session/sessions.ts';
import { createAnswering } from './answer-slack.ts';
import { createBoltApp } from './bolt-app.ts';
import { createCardActions } from './card-actions.ts';
import { createSlackMirror } from './mirror.ts';
import { createQuoteReader } from './quote-reader.ts';
import { createCommandRunner } from './run-command.ts';
import { EVENTS_PATH } from './registered.ts';
import { createQuoteSharer } from './share-quote.ts';
import { API_OPTIONS, createSlackApi } from './slack-api.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import { createSlackPeople } from './slack-people.ts';
import type { SlackStore } from './slack-store.ts';
import { createModalSubmitter } from './submit-modal.ts';
import { createCellWriter } from './write-cells.ts';

/** Everything of Slack, put together. What it is given stays open when it closes. */
export interface SlackService {
  /** A request of Slack's with its body as it came; it is answered whatever it is. */
  receive(request: IncomingMessage & { readonly rawBody: Buffer }, response: ServerResponse): void;
  /** Whom a code for linking an account is about; null where it is unknown, used or has run out. */
  lookUpLink(code: string): Promise<{ readonly name: string; readonly workspace: string } | null>;
  acceptLink(
    code: string,
    user: UserId,
  ): Promise<Result<{ readonly name: string; readonly workspace: string }, 'dead' | 'has_account'>>;
  /** No Slack account is this person's by a link any more. */
  unlink(user: UserId): void;
  /** Where a quote is shown, newest first. */
  mirrorsOf(quote: QuoteId): readonly ShownMirror[];
  /** Entries became durable, and everyone was sent them. */
  told(quote: QuoteId, updates: readonly DurableUpdate[]): void;
  /** Goes on where a former process ended; listens over Socket Mode where that is asked for. */
  start(): Promise<void>;
  /** To be called every {@link MIRROR_TICK_MS}. */
  tick(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface ShownMirror {
  readonly channel: string;
  readonly state: 'live' | 'paused' | 'ending' | 'ended';
  readonly why: string | null;
  readonly since: number;
}

export interface SlackCredentials {
  readonly botToken: string;
  readonly signingSecret: string;
  /** Null: Slack calls us over HTTP. */
  readonly appToken: string | null;
  /** Null: Slack's own. */
  readonly apiUrl: string | null;
}

export interface SlackServiceDeps extends SessionLimits {
  readonly credentials: SlackCredentials;
  readonly roleMaxAgeDays: number;
  readonly store: SlackStore;
  readonly rooms: Rooms;
  readonly log: Log;
  readonly sessions: Sessions;
  readonly keeper: SessionKeeper;
  readonly access: Access;
  readonly directory: Directory;
  readonly metrics: SlackMetrics;
  readonly publicUrl: () => string;
  readonly newId: () => string;
  /** The clock of sessions, see `room/steady-clock.ts`. */
  readonly steadyNow: () => number;
  /** ms since 1970 */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

export function createSlackService(deps: SlackServiceDeps): SlackService {
  const { credentials, store, report } = deps;
  const logger = quietLogger(report);
  const clientOptions = {
    ...API_OPTIONS,
    logger,
    ...(credentials.apiUrl !== null && { slackApiUrl: credentials.apiUrl }),
  };
  const api = createSlackApi(new WebClient(credentials.botToken, clientOptions));
  const people = createSlackPeople({ ...deps, api });
  const reader = createQuoteReader(deps);
  const mirror = createSlackMirror({
    ...deps,
    api,
    reader,
    readerOf: (user, quote) => people.readerOf(user, quote),
  });
  const refresh = (id: string): void => mirror.refresh(id);
  const writer = createCellWriter({ ...deps, reader });
  const answering = createAnswering({ ...deps, people });
  const http = new HTTPReceiver({
    signingSecret: credentials.signingSecret,
    endpoints: [EVENTS_PATH],
    // What is thrown is not acknowledged, so that Slack sends it again.
    processBeforeResponse: true,
    logger,
  });
  const socket =
    credentials.appToken === null
      ? null
      : new SocketModeReceiver({
          appToken: credentials.appToken,
          logger,
          installerOptions: { clientOptions },
        });
  const receiver: Receiver = socket ?? http;
  const app = createBoltApp({
    ...deps,
    receiver,
    botToken: credentials.botToken,
    logger,
    answering,
    mirror,
    commands: createCommandRunner({
      ...deps,
      reader,
      writer,
      sharer: createQuoteSharer({ ...deps, api, reader, refresh }),
    }),
    actions: createCardActions({ ...deps, api, reader, refresh }),
    modals: createModalSubmitter({ ...deps, api, reader, writer }),
  });

  return {
    receive(request, response) {
      if (socket !== null) response.writeHead(404).end();
      else if (hasObjectBody(request)) http.requestListener(request, response);
      else response.writeHead(400).end();
    },
    lookUpLink: (code) => people.lookUp(code),
    acceptLink: (code, user) => people.link(code, user),
    unlink: (user) => people.unlink(user),
    mirrorsOf: (quote) =>
      store.mirrors
        .ofQuote(quote)
        .toReversed()
        .map(({ channelName: channel, state, why, stateAt: since }) => ({ channel, state, why, since })),
    told: mirror.told,
    async start() {
      answering.giveUpOpen();
      mirror.start();
      if (socket === null) return;
      // Where Slack does not answer, the library goes on trying; nothing here waits for it.
      app.start().catch(report);
    },
    tick: mirror.tick,
    settled: mirror.settled,
    async close() {
      if (socket !== null) await app.stop().catch(report);
      await Promise.race([mirror.close(), pause(CLOSE_MS)]);
    },
  };
}

/** Bolt takes for granted that it is one, and ends the process where it is not. */
function hasObjectBody({
  rawBody,
  headers,
}: {
  readonly rawBody: Buffer;
  readonly headers: IncomingHttpHeaders;
}): boolean {
  const text = rawBody.toString();
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  const json = isForm ? new URLSearchParams(text).get('payload') : text;
  // A form without a payload is a command.
  if (json === null) return true;
  try {
    const body: unknown = JSON.parse(json);
    return typeof body === 'object' && body !== null && !Array.isArray(body);
  } catch {
    return false;
  }
}

/** What Slack did not answer by then is looked up by the next process. */
const CLOSE_MS = 2_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());

/** Bolt notes much, and what people wrote with it: only what went wrong is passed on, and of that the first line. */
function quietLogger(report: (error: unknown) => void): Logger {
  const nothing = (): void => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (...said) => report(new Error(`Slack: ${firstLine(said)}`)),
    setLevel: nothing,
    getLevel: () => LogLevel.ERROR,
    setName: nothing,
  };
}

const LINE_CHARS_MAX = 200;

function firstLine([first]: readonly unknown[]): string {
  const text = first instanceof Error ? first.message : String(first);
  return (text.split('\n', 1)[0] ?? '').slice(0, LINE_CHARS_MAX);
}

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, LogLevel, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { Fault } from '../lib/fault.ts';
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
import { type SocketLine, keepConnected } from './keep-connected.ts';
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
  start(): void;
  /** Whether what people do in Slack comes in; over HTTP that is up to Slack. */
  isConnected(): boolean;
  /** To be called every `MIRROR_TICK_MS`. */
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
          // What goes wrong is said by whoever comes back.
          logger: quietLogger(() => undefined),
          autoReconnectEnabled: false,
          installerOptions: { clientOptions },
        });
  const receiver: Receiver = socket ?? http;
  createBoltApp({
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

  let line: SocketLine | null = null;
  const unsigned = createUnsignedReport(deps);

  return {
    receive(request, response) {
      response.once('finish', () => unsigned(response.statusCode));
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
    start() {
      answering.giveUpOpen();
      mirror.start();
      if (socket !== null) line = keepConnected(socket, report);
    },
    isConnected: () => socket === null || line?.isConnected === true,
    tick: mirror.tick,
    settled: mirror.settled,
    async close() {
      await line?.close();
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

const UNSIGNED_EVERY_MS = 60_000;

/** Requests that Slack did not sign, or with another secret than ours: counted, and noted once in a while. */
function createUnsignedReport({
  metrics,
  now,
  report,
}: Pick<SlackServiceDeps, 'metrics' | 'now' | 'report'>): (status: number) => void {
  let notedAt = -Infinity;
  return (status) => {
    if (status !== 401) return;
    metrics.received('request', 'unsigned');
    if (now() - notedAt < UNSIGNED_EVERY_MS) return;
    notedAt = now();
    report(
      new Fault({
        code: 'slack_not_signed',
        message: `a request to ${EVENTS_PATH} was not signed with slack.signingSecret: if it was Slack's, the secret is another one`,
        retryable: false,
      }),
    );
  };
}

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

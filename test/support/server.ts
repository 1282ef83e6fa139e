import { join } from 'node:path';
import type { Logger } from 'pino';
import { onTestFinished, vi } from 'vitest';
import { generateKeyPairSync } from 'node:crypto';
import { openHeadSigner } from '../../src/audit/head-signer.ts';
import { createHttpServer } from '../../src/http/server.ts';
import type { SignIn } from '../../src/http/sign-in-route.ts';
import type { SlackPort } from '../../src/http/slack-port.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { createLookBack } from '../../src/audit/look-back.ts';
import type { PolicySettings } from '../../src/authority/policy.ts';
import type { DefaultPermission, GivenPermission, Role } from '../../src/authority/role.ts';
import { present } from '../../src/lib/assert.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { type Limits, TICK_MS, defaultLimits } from '../../src/lib/limits.ts';
import { policyHash } from '../../src/log/entry-hash.ts';
import { createGroupCommit } from '../../src/log/group-commit.ts';
import type { Log } from '../../src/log/log.ts';
import { makeCheckpoint } from './make-checkpoint.ts';
import { createMemoryHeads } from '../../src/log/memory-heads.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { noteSigner } from '../../src/log/signed-note.ts';
import { type Rooms, createRooms } from '../../src/room/rooms.ts';
import { createSessionKeeper } from '../../src/room/session-keeper.ts';
import { createSteadyClock } from '../../src/room/steady-clock.ts';
import { createAccess } from '../../src/session/access.ts';
import type { Directory } from '../../src/session/directory.ts';
import { newLinkToken } from '../../src/session/link-token.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { createMemoryNamedVersions } from '../../src/session/memory-named-versions.ts';
import { createMemoryShareLinks } from '../../src/session/memory-share-links.ts';
import type { NamedVersions } from '../../src/session/named-versions.ts';
import type { ShareLinks } from '../../src/session/share-links.ts';
import { createSessions } from '../../src/session/live-sessions.ts';
import { createMemorySessionStore } from '../../src/session/memory-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import type { SessionSettings, Sessions } from '../../src/session/sessions.ts';
import { createTokenVerifier, signToken } from '../../src/session/tokens.ts';
import { type StockClient, type StockClientOptions, createStockClient } from './stock-client.ts';
import { policyOf } from './star.ts';

/**
 * A whole server on a loopback port: real HTTP, real WebSockets, real tokens; only the log and the directory are in memory,
 * unless the test brings others. Everything made through it ends with `stop`.
 */
export interface TestServer {
  /** `http://127.0.0.1:PORT`, without a stroke at the end. */
  readonly url: string;
  readonly rooms: Rooms;
  readonly log: Log;
  readonly directory: Directory;
  readonly shareLinks: ShareLinks;
  readonly versions: NamedVersions;
  readonly sessions: Sessions;
  /** Errors that were reported to whoever runs the server. A test that expects none can say so. */
  readonly reported: unknown[];
  tokenFor(user: string, role?: Role, more?: TokenOptions): Promise<string>;
  /** A request with this person's token and a JSON body; the answer read as JSON. */
  call(person: Caller, method: string, path: string, body?: unknown): Promise<Answer>;
  /** Makes a quote through `POST /api/quotes` and gives its id. The creator is Casey, an admin, unless named. */
  createQuote(body?: Readonly<Record<string, unknown>>, creator?: Caller): Promise<QuoteId>;
  grant(quote: string, user: string, permission: GivenPermission): Promise<void>;
  /** Makes a checkpoint of a quote as it is now. */
  checkpoint(quote: string): Promise<void>;
  /** Connects a stock client as this person. */
  connect(person: Caller, quote: string, options?: Partial<StockClientOptions>): Promise<StockClient>;
  /** Tries an expectation again until it holds. */
  eventually(expectation: () => Promise<void> | void): Promise<void>;
  /** Closes rooms and sockets as SIGTERM does. May be called twice. */
  stop(): Promise<void>;
}

export interface TokenOptions {
  readonly name?: string;
  readonly lifetimeMs?: number;
  /** When it was issued, relative to now. */
  readonly agoMs?: number;
}

/** A user id in a role; without one, a `sales_rep`. */
export type Caller = string | { readonly user: string; readonly role?: Role; readonly name?: string } | null;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // A test reads what it expects.
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface TestServerOptions {
  readonly log?: Log;
  readonly directory?: Directory;
  readonly limits?: Partial<Limits>;
  readonly policy?: Partial<PolicySettings>;
  readonly defaultPermission?: DefaultPermission;
  readonly maxSessions?: number;
  readonly maxParticipants?: number;
  /** False: one person edits at a time. */
  readonly isShared?: boolean;
  readonly session?: Partial<SessionSettings>;
  readonly sessionStore?: SessionStore;
  readonly requestsPerMinute?: number;
  readonly now?: () => number;
  readonly logger?: Logger;
  /** Default: the address it listens at. */
  readonly publicUrl?: string;
  /** Default: switched off. */
  readonly slack?: SlackPort;
  /** Default: by a token. */
  readonly signIn?: SignIn;
  /** The folder of the built page. Default: one that is not there. */
  readonly webRoot?: string;
}

export const TEST_SECRET = 'a secret for tests, long enough for HS256';
/** A server that stops when the running test ends. */
export async function serverForTest(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  onTestFinished(server.stop);
  return server;
}

const CREATOR = { user: 'casey', role: 'admin', name: 'Casey' } as const;

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { log: given = createMemoryLog(), directory = createMemoryDirectory(), now = Date.now } = options;
  const { defaultPermission = 'editor' } = options;
  const shareLinks = createMemoryShareLinks();
  const versions = createMemoryNamedVersions();
  const limits = { ...defaultLimits, ...options.limits };
  const policy = policyOf(options.policy, limits);
  const hash = policyHash(policy.json);
  await given.savePolicy({ hash, json: policy.json, at: now() });

  const reported: unknown[] = [];
  const report = (error: unknown): void => void reported.push(error);
  const later = (ms: number, run: () => void): (() => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  };
  const storedHeads = createMemoryHeads();
  const signer = noteSigner('quoteroom/test', generateKeyPairSync('ed25519').privateKey);
  const heads = await openHeadSigner(
    {
      heads: storedHeads,
      log: given,
      signer,
      now,
      later,
      report,
    },
    [],
  );
  const log = heads.watched(given);
  let ids = 0;
  const newId = (): string => `id-${++ids}`;
  const metrics = createMetrics();
  const access = createAccess({
    directory,
    verifyToken: createTokenVerifier({ secret: TEST_SECRET }, now),
    defaultPermission,
    now,
  });
  const sessions = createSessions({
    store: options.sessionStore ?? createMemorySessionStore(),
    settings: { timeoutMinutes: 60, warningMinutes: 5, idleMinutes: 2, awayMinutes: 5, ...options.session },
    newId,
    report,
  });
  const steadyNow = createSteadyClock(now);
  await sessions.recover(steadyNow());
  const rooms = createRooms({
    log,
    directory,
    defaultPermission,
    sessions,
    steadyNow,
    isShared: options.isShared ?? true,
    commit: createGroupCommit({ log: metrics.timed(log), schedule: (run) => void setImmediate(run) }),
    checkpointer: { checkpoint: (quote) => makeCheckpoint(log, quote), close: () => Promise.resolve() },
    policy,
    policyHash: hash,
    limits,
    sessionsMax: options.maxSessions ?? 100,
    participantsMax: options.maxParticipants ?? 100,
    metrics: metrics.rooms,
    date: now,
    later,
    newId,
    report,
  });
  const keeper = createSessionKeeper({ sessions, rooms, steadyNow, report });
  const server = await createHttpServer({
    rooms,
    sessions,
    keeper,
    steadyNow,
    participantsMax: options.maxParticipants ?? 100,
    log,
    lookBack: createLookBack({ log, heads: storedHeads, keys: [signer] }),
    heads,
    directory,
    shareLinks,
    versions,
    access,
    slack: options.slack ?? null,
    limits,
    defaultPermission,
    publicUrl: () => options.publicUrl ?? test.url,
    signIn: options.signIn ?? { kind: 'token', signInUrl: null },
    webRoot: options.webRoot ?? join(import.meta.dirname, 'not-built'),
    sessionsMax: options.maxSessions ?? 100,
    ...(options.logger !== undefined && { logger: options.logger }),
    ...(options.requestsPerMinute !== undefined && { requestsPerMinute: options.requestsPerMinute }),
    metrics,
    newId,
    newLinkToken,
    now,
    later,
    report,
  });
  const { host, port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const ticking = setInterval(() => {
    rooms.tick();
    keeper.tick();
  }, TICK_MS);
  const clients: StockClient[] = [];
  let stopping: Promise<void> | null = null;

  async function stop(): Promise<void> {
    for (const client of clients) client.destroy();
    clearInterval(ticking);
    const closing = server.close();
    await rooms.shutDown();
    await closing;
    await sessions.close();
    await heads.close();
  }

  const tokenOf = async (person: Caller): Promise<string | undefined> => {
    if (person === null) return undefined;
    const { user, role, name } = typeof person === 'string' ? { user: person } : person;
    return test.tokenFor(user, role, { ...(name !== undefined && { name }) });
  };

  const test: TestServer = {
    url: `http://${host}:${port}`,
    rooms,
    log,
    directory,
    shareLinks,
    versions,
    sessions,
    reported,
    tokenFor: (user, role = 'sales_rep', { name, lifetimeMs = 3_600_000, agoMs = 0 } = {}) =>
      signToken(TEST_SECRET, { user: user as UserId, role, name }, { now: now() - agoMs, lifetimeMs }),
    async call(person, method, path, body) {
      const token = await tokenOf(person);
      const response = await fetch(test.url + path, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    async createQuote(body = {}, creator = CREATOR) {
      const made = await test.call(creator, 'POST', '/api/quotes', body);
      if (made.status !== 201)
        throw new Error(`no quote was made: ${made.status} ${JSON.stringify(made.body)}`);
      return made.body.id as QuoteId;
    },
    async grant(quote, user, permission) {
      const put = await test.call(CREATOR, 'PUT', `/api/quotes/${quote}/people/${user}`, { permission });
      present(
        put.status === 200 ? put : null,
        `the grant is made: ${put.status} ${JSON.stringify(put.body)}`,
      );
    },
    checkpoint: (quote) => makeCheckpoint(log, quote as QuoteId),
    async connect(person, quote, more) {
      const token = await tokenOf(person);
      const client = createStockClient({ url: test.url, quote, token, ...more });
      clients.push(client);
      return client;
    },
    eventually: (expectation) => vi.waitFor(expectation, { timeout: 10_000, interval: 20 }),
    stop: () => (stopping ??= stop()),
  };
  return test;
}

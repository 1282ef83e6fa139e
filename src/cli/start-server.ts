import { createServer } from 'node:net';
import { join } from 'node:path';
import { createSqliteLookBack } from '../audit/sqlite-look-back.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { TICK_MS } from '../lib/limits.ts';
import type { HeadSigner } from '../audit/head-signer.ts';
import type { Checkpointer } from '../log/checkpointer.ts';
import { createSqliteCheckpointer } from '../log/sqlite-checkpointer.ts';
import { createMetrics } from '../http/metrics.ts';
import { type HttpServer, createHttpServer } from '../http/server.ts';
import type { SignIn } from '../http/sign-in-route.ts';
import type { Rooms } from '../room/rooms.ts';
import { createSessionKeeper } from '../room/session-keeper.ts';
import { createSteadyClock } from '../room/steady-clock.ts';
import { createAccess } from '../session/access.ts';
import type { Directory } from '../session/directory.ts';
import { createSessions } from '../session/live-sessions.ts';
import { newLinkToken } from '../session/link-token.ts';
import { type TokenKeys, createTokenVerifier } from '../session/tokens.ts';
import { keepAuditKey } from './audit-key.ts';
import { composeHeads } from './compose-heads.ts';
import { composeSlack } from './compose-slack.ts';
import { MIRROR_TICK_MS } from '../slack/mirror.ts';
import type { SlackService } from '../slack/slack-service.ts';
import { composeRooms } from './compose-rooms.ts';
import { later, newId } from './process-clock.ts';
import { type WritableData, openDataForWriting } from './data-folder.ts';
import { signDemoPeople } from './demo-sign-in.ts';
import { keepDevSecret } from './dev-secret.ts';
import type { Secret } from './secret.ts';
import type { ServerLog } from './server-log.ts';
import { type Settings, defaultPublicUrl } from './settings.ts';
import { CommandFailure } from './command-errors.ts';

/**
 * The whole server, put together: this is the one place that chooses adapters, clock, timers and ids. What is opened is
 * closed in reverse: first nobody new comes in, then the rooms close and everything received becomes durable,
 * then log, people and the lock of the data folder.
 */
export interface RunningServer {
  /** Where people reach it, without a slash at the end. */
  readonly url: string;
  readonly rooms: Rooms;
  readonly directory: Directory;
  /** What its tokens are signed with; null where an identity provider signs them. */
  readonly secret: Secret | null;
  /** The file that keeps the secret of `--dev`; null where the settings have their own. */
  readonly secretPath: string | null;
  /** True if the data folder held no quotes when the server opened it. */
  readonly isNew: boolean;
  /** Resolves when everything is durable and everybody was told. May be called twice. */
  close(): Promise<void>;
}

/** The build of the page, seen from here and from what is built of this file. */
const WEB_ROOT = join(import.meta.dirname, '../../dist/web');

/** Throws a `CommandFailure` or `Fault` that says in one sentence why the server cannot run. */
export async function startServer(
  settings: Settings,
  { log: serverLog, now }: { readonly log: ServerLog; readonly now: () => number },
): Promise<RunningServer> {
  await tryAddress(settings);
  const opened = await openDataForWriting(settings, now);
  const metrics = createMetrics();
  metrics.watchUsage(opened.usageTotals);
  let checkpointer: Checkpointer | null = null;
  let heads: HeadSigner | null = null;
  try {
    heads = await composeHeads(opened, settings, { now, report: (error) => serverLog.report(error) });
    const data: WritableData = { ...opened, log: heads.watched(metrics.timed(opened.log)) };
    checkpointer = createSqliteCheckpointer(data.databasePath);
    return await startOn(settings, { data, heads, checkpointer, metrics, serverLog, now });
  } catch (error) {
    await checkpointer?.close();
    await heads?.close();
    await opened.close();
    throw error;
  }
}

interface Parts {
  readonly data: WritableData;
  readonly heads: HeadSigner;
  readonly checkpointer: Checkpointer;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly serverLog: ServerLog;
  readonly now: () => number;
}

async function startOn(settings: Settings, parts: Parts): Promise<RunningServer> {
  const { data, heads, checkpointer, metrics, serverLog, now } = parts;
  const { limits, defaultPermission, collaboration } = settings;
  const { secret, secretPath, keys } = keysOf(settings);
  const report = (error: unknown, quote?: QuoteId): void => serverLog.report(error, quote);
  let url = settings.publicUrl;
  const sessions = createSessions({ store: data.sessionStore, settings: settings.session, newId, report });
  const steadyNow = createSteadyClock(now);
  await sessions.recover(steadyNow());
  const rooms = composeRooms(data, settings, {
    sessions,
    steadyNow,
    checkpointer,
    metrics: metrics.rooms,
    now,
    told: (quote, updates) => slack?.told(quote, updates),
    report,
  });
  const keeper = createSessionKeeper({ sessions, rooms, steadyNow, report });
  const access = createAccess({
    directory: data.directory,
    verifyToken: createTokenVerifier(keys, now),
    defaultPermission,
    now,
  });
  const slack: SlackService | null = await composeSlack(settings, {
    ...data,
    ...{ store: data.slack, rooms, sessions, keeper, access, metrics, steadyNow, now, newId },
    publicUrl: () => url,
    report,
  });
  const lookBack = createSqliteLookBack(data.databasePath, [keepAuditKey(settings.data, settings.auditKey)]);
  const server = await createHttpServer({
    rooms,
    sessions,
    keeper,
    steadyNow,
    log: data.log,
    lookBack,
    heads,
    directory: data.directory,
    shareLinks: data.shareLinks,
    versions: data.versions,
    access,
    slack,
    limits,
    defaultPermission,
    sessionsMax: collaboration.maxSessions,
    participantsMax: collaboration.maxParticipants,
    metrics,
    publicUrl: () => url,
    signIn: signInOf(settings, secret, now),
    webRoot: WEB_ROOT,
    logger: serverLog.logger,
    newId,
    newLinkToken,
    now,
    later,
    report,
  });
  const isNew = (await data.log.quotes({ limit: 1 })).quotes.length === 0;
  const { port } = await listen(server, settings);
  const isNamed = settings.publicUrl !== defaultPublicUrl(settings.host, settings.port);
  if (settings.port !== port && !isNamed) url = defaultPublicUrl(settings.host, port);
  slack?.start();
  const mirroring = slack === null ? null : setInterval(slack.tick, MIRROR_TICK_MS);
  const ticking = setInterval(() => {
    rooms.tick();
    keeper.tick();
  }, TICK_MS);
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    clearInterval(ticking);
    if (mirroring !== null) clearInterval(mirroring);
    const closed = server.close();
    await lookBack.close();
    await slack?.close();
    await rooms.shutDown();
    await closed;
    await sessions.close();
    await heads.close();
    await data.close();
  }

  return {
    url,
    rooms,
    directory: data.directory,
    secret,
    secretPath,
    isNew,
    close: () => (closing ??= close()),
  };
}

interface Keys extends Pick<RunningServer, 'secret' | 'secretPath'> {
  readonly keys: TokenKeys;
}

function keysOf({ auth, data }: Settings): Keys {
  if (auth.kind === 'jwks') return { secret: null, secretPath: null, keys: auth };
  const kept = auth.kind === 'dev' ? keepDevSecret(data) : { secret: auth.secret, path: null };
  return { secret: kept.secret, secretPath: kept.path, keys: { secret: kept.secret.reveal() } };
}

/** A demo whose tokens an identity provider signs has none to hand out. */
const signInOf = ({ dev, signInUrl }: Settings, secret: Secret | null, now: () => number): SignIn =>
  dev && secret !== null
    ? { kind: 'demo', people: () => signDemoPeople(secret, now()) }
    : { kind: 'token', signInUrl };

/** Before anything is made: a port in use must not leave a new data folder behind. */
async function tryAddress({ host, port }: Settings): Promise<void> {
  const trial = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      trial.once('error', reject);
      trial.listen({ host, port }, resolve);
    });
  } catch (error) {
    throw listenFault(error, host, port);
  }
  await new Promise((resolve) => trial.close(resolve));
}

async function listen(server: HttpServer, { host, port }: Settings): Promise<{ readonly port: number }> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    await server.close();
    throw listenFault(error, host, port);
  }
}

function listenFault(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} of ${host} is in use: stop the other program, or choose another one with --port`,
    EACCES: `this account may not use port ${port}: choose one above 1023 with --port`,
    EADDRNOTAVAIL: `${host} is no address of this machine: choose another one with --host`,
    ENOTFOUND: `the host name ${host} is not known here: choose another one with --host`,
  };
  const reason = reasons[code];
  return reason === undefined || error instanceof Fault ? error : new CommandFailure('cannot_listen', reason);
}

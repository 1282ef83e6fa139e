import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { HeadSigner } from '../audit/head-signer.ts';
import type { LookBack } from '../audit/look-back.ts';
import type { DefaultPermission } from '../authority/role.ts';
import type { Limits } from '../lib/limits.ts';
import type { Log } from '../log/log.ts';
import type { Rooms } from '../room/rooms.ts';
import type { SessionKeeper } from '../room/session-keeper.ts';
import type { Access } from '../session/access.ts';
import type { Directory } from '../session/directory.ts';
import type { SessionLimits } from '../session/find-full.ts';
import type { NamedVersions } from '../session/named-versions.ts';
import type { Sessions } from '../session/sessions.ts';
import type { ShareLinks } from '../session/share-links.ts';
import type { SlackPort } from './slack-port.ts';

/** Fastify, with routes whose schemas are zod's. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes work with. */
export interface RouteDeps extends SessionLimits {
  readonly rooms: Rooms;
  readonly log: Log;
  readonly lookBack: LookBack;
  readonly heads: Pick<HeadSigner, 'sign' | 'newest'>;
  readonly directory: Directory;
  readonly shareLinks: ShareLinks;
  readonly versions: NamedVersions;
  readonly sessions: Sessions;
  readonly keeper: SessionKeeper;
  readonly access: Access;
  /** Null: switched off. */
  readonly slack: SlackPort | null;
  readonly limits: Limits;
  readonly defaultPermission: DefaultPermission;
  /** Ids of quotes and rows. */
  readonly newId: () => string;
  /** Secrets of share links, see `session/link-token.ts`. */
  readonly newLinkToken: () => string;
  /** Where people reach the server, without a slash at the end. Asked once it listens. */
  readonly publicUrl: () => string;
  /** ms since 1970 */
  readonly now: () => number;
  /** The clock of sessions, see `room/steady-clock.ts`. */
  readonly steadyNow: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  /** Told of every error that is ours, not the caller's. */
  readonly report: (error: unknown) => void;
}

import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  type WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { MessageContent } from './blocks.ts';

/**
 * What we call of Slack's Web API, and what an answer means for whoever called. Nothing is tried again here: whether that
 * may be done is for the outbox to know, which remembers what may have arrived.
 */
export interface SlackApi {
  /** `key` goes along, so that the message can be found again by {@link SlackApi.find}. */
  post(target: MessageTarget, content: MessageContent, key: string): Promise<Outcome<SentMessage>>;
  update(message: SentMessage, content: MessageContent): Promise<Outcome<SentMessage>>;
  /** Seen by one person only, in a channel. */
  postPrivately(target: MessageTarget, user: string, content: MessageContent): Promise<Outcome<null>>;
  /** The message that was posted with this key, if it was. Refused where too many came after it. */
  find(target: MessageTarget, key: string, since: number): Promise<Outcome<SentMessage | null>>;
  /** The channel of direct messages with a person. */
  openDirect(user: string): Promise<Outcome<string>>;
  user(id: string): Promise<Outcome<SlackUser>>;
  /** The Slack user with this address, or null. */
  userByEmail(email: string): Promise<Outcome<SlackUser | null>>;
  channel(id: string): Promise<Outcome<SlackChannel>>;
  openView(trigger: string, view: ModalView): Promise<Outcome<null>>;
  updateView(id: string, hash: string, view: ModalView): Promise<Outcome<null>>;
  /** Below the thread, for two minutes; empty takes it away. */
  setStatus(thread: SentMessage, status: string): Promise<Outcome<null>>;
  whoAmI(): Promise<Outcome<SlackIdentity>>;
}

export interface MessageTarget {
  readonly channel: string;
  /** In the thread of this message. */
  readonly thread?: string | undefined;
}

export interface SentMessage {
  readonly channel: string;
  readonly ts: string;
}

export interface SlackUser {
  readonly id: string;
  readonly team: string;
  /** As they call themselves, and may do at any time. */
  readonly name: string;
  /** What stands behind the `@`. */
  readonly handle: string;
  readonly email: string | null;
  /** A person of this workspace, who is still there. */
  readonly isMember: boolean;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  /** People of other companies read it. */
  readonly isShared: boolean;
  readonly isArchived: boolean;
  /** The app is in it. */
  readonly isMember: boolean;
}

export interface SlackIdentity {
  readonly team: string;
  readonly teamName: string;
  readonly botUser: string;
}

export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** Not taken: too much for now. */
  | { readonly kind: 'limited'; readonly waitMs: number }
  /** Nobody knows whether it was taken. */
  | { readonly kind: 'uncertain'; readonly error: string }
  /** Not taken, and it will not be. */
  | { readonly kind: 'refused'; readonly error: string; readonly about: RefusalAbout };

/** What has to change before it could be taken: this message, the channel, or the app in the workspace. */
export type RefusalAbout = 'message' | 'channel' | 'workspace';

/** Answers in time or not at all; Bolt's own client tries again by itself, and so posts twice. */
export const API_OPTIONS = {
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: 10_000,
} as const satisfies WebClientOptions;

const METADATA_TYPE = 'quoteroom_message';
/** Where Slack does not say how long. */
const LIMITED_MS = 30_000;
const PAGES_MAX = 20;
const PAGE_MESSAGES = 200;

export function createSlackApi(client: WebClient): SlackApi {
  const messagesOf = async (
    { channel, thread }: MessageTarget,
    page: { readonly oldest: string; readonly cursor: string | undefined },
  ): Promise<z.infer<typeof messagesSchema>> => {
    const asked = {
      channel,
      limit: PAGE_MESSAGES,
      include_all_metadata: true,
      inclusive: true,
      oldest: page.oldest,
      ...(page.cursor !== undefined && { cursor: page.cursor }),
    };
    const answer =
      thread === undefined
        ? await client.conversations.history(asked)
        : await client.conversations.replies({ ...asked, ts: thread });
    return messagesSchema.parse(answer);
  };

  async function search(
    target: MessageTarget,
    key: string,
    since: number,
  ): Promise<SentMessage | null | 'too many'> {
    // Clocks differ, and a timestamp of Slack's is in seconds.
    const oldest = String(Math.max(0, Math.floor(since / 1000) - CLOCKS_APART_SECONDS));
    let cursor: string | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const { messages, response_metadata } = await messagesOf(target, { oldest, cursor });
      const found = messages.find(({ metadata }) => metadata?.event_payload?.['key'] === key);
      if (found !== undefined) return { channel: target.channel, ts: found.ts };
      cursor = said(response_metadata?.next_cursor);
      if (cursor === undefined) return null;
    }
    return 'too many';
  }

  return {
    post: ({ channel, thread }, content, key) =>
      outcome(async () => {
        const answer = await client.chat.postMessage({
          channel,
          ...messageOf(content),
          ...(thread !== undefined && { thread_ts: thread }),
          unfurl_links: false,
          unfurl_media: false,
          metadata: { event_type: METADATA_TYPE, event_payload: { key } },
        });
        return sentSchema.parse(answer);
      }),
    update: ({ channel, ts }, content) =>
      outcome(async () => {
        await client.chat.update({ channel, ts, ...messageOf(content) });
        return { channel, ts };
      }),
    postPrivately: ({ channel, thread }, user, content) =>
      outcome(async () => {
        await client.chat.postEphemeral({
          ...{ channel, user, ...messageOf(content) },
          ...(thread !== undefined && { thread_ts: thread }),
        });
        return null;
      }),
    async find(target, key, since) {
      const found = await outcome(() => search(target, key, since));
      if (found.kind !== 'ok') return found;
      if (found.value === 'too many')
        return { kind: 'refused', error: 'it was not found among too many messages', about: 'message' };
      return { kind: 'ok', value: found.value };
    },
    openDirect: (user) =>
      outcome(async () => openedSchema.parse(await client.conversations.open({ users: user })).channel.id),
    user: (id) =>
      outcome(async () => slackUserOf(userSchema.parse(await client.users.info({ user: id })).user)),
    userByEmail: async (email) => {
      const found = await outcome(async () =>
        slackUserOf(userSchema.parse(await client.users.lookupByEmail({ email })).user),
      );
      const isNobody = found.kind === 'refused' && found.error === 'users_not_found';
      return isNobody ? { kind: 'ok', value: null } : found;
    },
    channel: (id) =>
      outcome(async () => {
        const { channel } = channelSchema.parse(await client.conversations.info({ channel: id }));
        return {
          id,
          name: channel.name ?? '',
          isShared: channel.is_ext_shared === true || channel.is_pending_ext_shared === true,
          isArchived: channel.is_archived === true,
          isMember: channel.is_member === true,
        };
      }),
    openView: (trigger, view) =>
      outcome(async () => {
        await client.views.open({ trigger_id: trigger, view });
        return null;
      }),
    updateView: (id, hash, view) =>
      outcome(async () => {
        await client.views.update({ view_id: id, hash, view });
        return null;
      }),
    setStatus: ({ channel, ts }, status) =>
      outcome(async () => {
        await client.assistant.threads.setStatus({ channel_id: channel, thread_ts: ts, status });
        return null;
      }),
    whoAmI: () =>
      outcome(async () => {
        const { team_id, team, user_id } = identitySchema.parse(await client.auth.test());
        return { team: team_id, teamName: team ?? team_id, botUser: user_id };
      }),
  };
}

const CLOCKS_APART_SECONDS = 300;

const messageOf = ({ text, blocks }: MessageContent) => ({
  text,
  blocks: [...blocks],
  parse: 'none' as const,
  link_names: false,
});

const sentSchema = z
  .object({ channel: z.string(), ts: z.string() })
  .transform(({ channel, ts }): SentMessage => ({ channel, ts }));
const messagesSchema = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_payload: z.record(z.string(), z.unknown()).optional() })
        .optional()
        .catch(undefined),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const openedSchema = z.object({ channel: z.object({ id: z.string() }) });
const userSchema = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().optional(),
    real_name: z.string().optional(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    profile: z.object({ email: z.string().optional(), display_name: z.string().optional() }).optional(),
  }),
});
const channelSchema = z.object({
  channel: z.object({
    name: z.string().optional(),
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
    is_archived: z.boolean().optional(),
    is_member: z.boolean().optional(),
  }),
});
const identitySchema = z.object({ team_id: z.string(), team: z.string().optional(), user_id: z.string() });

const slackUserOf = ({ id, profile, ...user }: z.infer<typeof userSchema>['user']): SlackUser => ({
  id,
  team: user.team_id ?? '',
  name: said(profile?.display_name) ?? said(user.real_name) ?? said(user.name) ?? id,
  handle: said(user.name) ?? id,
  email: said(profile?.email)?.toLowerCase() ?? null,
  isMember: [user.deleted, user.is_bot, user.is_stranger, user.is_restricted, user.is_ultra_restricted].every(
    (isSo) => isSo !== true,
  ),
});

/** Slack leaves empty what it does not know. */
const said = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

async function outcome<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: 'ok', value: await call() };
  } catch (error) {
    return outcomeOf(error);
  }
}

/** Never holds what was sent, nor the token. */
function outcomeOf(error: unknown): Exclude<Outcome<never>, { readonly kind: 'ok' }> {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'limited', waitMs: Math.max(1, error.retryAfter) * 1000 };
  if (error instanceof WebAPIPlatformError) return outcomeOfCode(error.data.error);
  if (error instanceof WebAPIHTTPError) {
    if (error.statusCode === 429) return { kind: 'limited', waitMs: LIMITED_MS };
    return { kind: 'uncertain', error: `http_${error.statusCode}` };
  }
  if (error instanceof z.ZodError) return { kind: 'uncertain', error: 'unexpected_answer' };
  const message = error instanceof Error ? error.message : '';
  // Of 429 without a time to wait, the client makes an error of its own.
  if (/retry header/i.test(message)) return { kind: 'limited', waitMs: LIMITED_MS };
  return { kind: 'uncertain', error: 'no_answer' };
}

function outcomeOfCode(code: string): Exclude<Outcome<never>, { readonly kind: 'ok' }> {
  if (LIMITED.has(code)) return { kind: 'limited', waitMs: LIMITED_MS };
  if (UNCERTAIN.has(code)) return { kind: 'uncertain', error: code };
  if (OF_WORKSPACE.has(code)) return { kind: 'refused', error: code, about: 'workspace' };
  return { kind: 'refused', error: code, about: OF_CHANNEL.has(code) ? 'channel' : 'message' };
}

/** By Slack's reference of errors. */
const LIMITED = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded', 'accesslimited']);
const UNCERTAIN = new Set([
  ...['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable'],
  ...['team_added_to_org', 'org_login_required'],
]);
const OF_WORKSPACE = new Set([
  ...['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'],
  ...['missing_scope', 'access_denied', 'not_allowed_token_type', 'ekm_access_denied'],
]);
const OF_CHANNEL = new Set([
  ...[
    'channel_not_found',
    'is_archived',
    'not_in_channel',
    'no_permission',
    'restricted_action',
    'channel_type_not_supported',
  ],
  ...['restricted_action_thread_only_channel', 'restricted_action_read_only_channel', 'is_inactive'],
  ...['team_access_not_granted', 'messages_tab_disabled'],
]);

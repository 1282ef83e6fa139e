import { createEmulator } from 'emulate';
import { onTestFinished } from 'vitest';
import { METHOD_SCOPES } from '../../src/slack/registered.ts';
import { type SlackApiProxy, startSlackApiProxy } from './slack-api-proxy.ts';
import { textOfBlocks } from './slack-text.ts';

/**
 * Slack's Web API by others (`emulate`, with strict scopes) and a proxy before it in which things go wrong, until the test ends.
 * What is read here for a test goes past the proxy.
 */
export interface SlackEmulator {
  readonly proxy: SlackApiProxy;
  /** By name: `deals`, `shared`, `c0` to `c29`. */
  readonly channels: Readonly<Record<string, string>>;
  /** By name. */
  readonly users: Readonly<Record<string, string>>;
  /** Calls the API with every right. */
  api(method: string, body: Readonly<Record<string, unknown>>): Promise<ReturnType<typeof JSON.parse>>;
  /** All of a channel, of its threads too, as they were posted. */
  messages(channel: string): Promise<SlackMessage[]>;
  /** The channel of direct messages with somebody. */
  directChannel(user: string): Promise<string>;
}

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly text: string;
  readonly blocks: readonly {
    readonly type: string;
    readonly elements?: readonly ReturnType<typeof JSON.parse>[];
  }[];
  readonly metadata?: { readonly event_payload: { readonly key: string } };
  /** What a person reads. */
  readonly shown: string;
}

interface SeededUser {
  readonly name: string;
  readonly real_name: string;
  readonly email: string;
}

export const BOT_TOKEN = 'xoxb-of-a-test';
const SCOPES = [...new Set(['commands', ...Object.values(METHOD_SCOPES).flat()])];

export async function startSlackApi(people: readonly SeededUser[]): Promise<SlackEmulator> {
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        strict_scopes: true,
        users: [{ name: 'quoteroom', real_name: 'Quoteroom', email: 'bot@bots.test' }, ...people],
        channels: [
          { name: 'deals' },
          { name: 'shared' },
          ...Array.from({ length: 30 }, (_, index) => ({ name: `c${index}` })),
        ],
        tokens: [
          { token: BOT_TOKEN, user: 'quoteroom', scopes: SCOPES },
          {
            token: 'all',
            user: 'quoteroom',
            scopes: [...SCOPES, 'channels:manage', 'groups:write', 'users:write'],
          },
        ],
      },
    },
  });
  const proxy = await startSlackApiProxy(emulator.url);
  onTestFinished(async () => {
    await proxy.close();
    await emulator.close();
  });

  const api: SlackEmulator['api'] = async (method, body) => {
    const reply = await fetch(`${emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer all' },
      body: JSON.stringify(body),
    });
    return reply.json();
  };
  const idsOf = (listed: readonly { readonly name: string; readonly id: string }[]) =>
    Object.fromEntries(listed.map(({ name, id }) => [name, id]));
  const users = idsOf((await api('users.list', { limit: 200 })).members);
  const channels = idsOf((await api('conversations.list', { limit: 200 })).channels);

  return {
    proxy,
    channels,
    users,
    api,
    async messages(channel) {
      const asked = { channel, limit: 1000, include_all_metadata: true };
      const { messages: roots = [] } = await api('conversations.history', asked);
      const all = new Map<string, SlackMessage>();
      for (const root of roots as SlackMessage[]) {
        const { messages: replies = [] } = await api('conversations.replies', { ...asked, ts: root.ts });
        for (const one of [root, ...(replies as SlackMessage[])]) all.set(one.ts, one);
      }
      return [...all.values()]
        .toSorted((a, b) => (a.ts < b.ts ? -1 : 1))
        .map((one) => ({ ...one, channel, shown: textOfBlocks(one.blocks ?? []) }));
    },
    async directChannel(user) {
      return (await api('conversations.open', { users: user })).channel.id;
    },
  };
}

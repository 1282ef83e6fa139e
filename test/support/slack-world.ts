import { createHmac } from 'node:crypto';
import { onTestFinished, vi } from 'vitest';
import type { Role } from '../../src/authority/role.ts';
import { createServerLog } from '../../src/cli/server-log.ts';
import { loadSettings } from '../../src/cli/settings.ts';
import { type RunningServer, startServer } from '../../src/cli/start-server.ts';
import { present } from '../../src/lib/assert.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { signToken } from '../../src/session/tokens.ts';
import type { SlackApiProxy } from './slack-api-proxy.ts';
import { BOT_TOKEN, type SlackMessage, startSlackApi } from './slack-emulator.ts';
import { type StockClient, createStockClient } from './stock-client.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * The whole product with Slack: our server as it is started, Slack's Web API by others (`emulate`, with strict scopes), a proxy
 * between them in which things go wrong, and people who press buttons: requests signed as Slack signs them. Time can be moved.
 */
export interface SlackWorld {
  readonly server: RunningServer;
  readonly proxy: SlackApiProxy;
  /** By name: `deals`, `shared`. */
  readonly channels: Readonly<Record<string, string>>;
  /** By name: `rita`. */
  readonly users: Readonly<Record<string, string>>;
  /** Moves the server's clock on. */
  pass(ms: number): void;
  now(): number;
  /** HTTP as one of our people. */
  call(
    person: PersonName,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: ReturnType<typeof JSON.parse> }>;
  createQuote(id: string, body?: Readonly<Record<string, unknown>>): Promise<string>;
  connect(person: PersonName, quote: string): Promise<StockClient>;
  /** `/quote ...`; gives what it is answered. */
  command(
    person: string,
    text: string,
    channel?: string,
    more?: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** Presses a button of a message, found by its words. */
  press(
    person: string,
    message: SlackMessage,
    text: string,
    more?: Readonly<Record<string, unknown>>,
  ): Promise<SlackAnswer>;
  /** Sends anything as Slack would. */
  send(body: string | URLSearchParams, more?: SendOptions): Promise<SlackAnswer>;
  submit(person: string, view: SlackView, values: Readonly<Record<string, string>>): Promise<SlackAnswer>;
  /** The form that a person has open, as Slack keeps it. */
  view(): Promise<SlackView>;
  messages(channel?: string): Promise<SlackMessage[]>;
  /** The card of a channel: its newest message with buttons that is no reply. */
  card(channel?: string): Promise<SlackMessage>;
  thread(channel?: string): Promise<string[]>;
  direct(person: string): Promise<string[]>;
  eventually(expectation: () => Promise<void> | void): Promise<void>;
  /** Stops our server and starts it again on the same data. */
  restart(): Promise<void>;
  readonly data: string;
}

export type SlackView = ReturnType<typeof JSON.parse>;

export interface SlackAnswer {
  readonly status: number;
  readonly text: string;
  // A test reads what it expects.
  json(): ReturnType<typeof JSON.parse>;
}

interface SendOptions {
  readonly json?: boolean;
  readonly secret?: string;
  /** Seconds from now. */
  readonly at?: number;
}

/** All of them are in Slack, by the same address, but for Noel. */
const PEOPLE = {
  noel: { name: 'Noel North', role: 'sales_manager' },
  rita: { name: 'Rita Reed', role: 'sales_rep' },
  alice: { name: 'Alice Ames', role: 'sales_rep' },
  max: { name: 'Max Moor', role: 'sales_manager' },
  dana: { name: 'Dana Dorn', role: 'vp_sales' },
  ada: { name: 'Ada Admin', role: 'admin' },
} as const satisfies Record<string, { readonly name: string; readonly role: Role }>;
export type PersonName = keyof typeof PEOPLE;

const SIGNING_SECRET = 'signing-secret-of-a-test';
const JWT_SECRET = 'a secret for tests, long enough for HS256';
const TEAM = 'T000000001';

export interface WorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Methods that are answered by the test. */
  readonly answers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export async function startSlackWorld(options: WorldOptions = {}): Promise<SlackWorld> {
  const slack = await startSlackApi([
    ...Object.entries(PEOPLE)
      .filter(([id]) => id !== 'noel')
      .map(([id, { name }]) => ({
        name: id,
        real_name: name,
        email: `${id}@acme.test`,
      })),
    { name: 'mallory', real_name: 'Mallory <!channel>', email: 'mallory@elsewhere.test' },
  ]);
  const { proxy, api, channels, users } = slack;
  for (const [method, answer] of Object.entries(options.answers ?? {})) proxy.answers.set(method, answer);
  const data = temporaryFolder();
  let offset = 0;
  const now = (): number => Date.now() + offset;
  const clients: StockClient[] = [];

  async function start(port: number): Promise<RunningServer> {
    const settings = loadSettings({
      flags: {},
      env: {
        QUOTEROOM_SECRET: JWT_SECRET,
        QUOTEROOM_DATA: data,
        QUOTEROOM_PORT: String(port),
        QUOTEROOM_DEFAULT_PERMISSION: 'editor',
        QUOTEROOM_SLACK_ENABLED: 'true',
        QUOTEROOM_SLACK_BOT_TOKEN: BOT_TOKEN,
        QUOTEROOM_SLACK_SIGNING_SECRET: SIGNING_SECRET,
        QUOTEROOM_SLACK_API_URL: proxy.url,
        ...options.env,
      },
      cwd: data,
      readFile: () => null,
    });
    if (!settings.ok) throw new Error(JSON.stringify(settings.reason));
    return startServer(settings.value, { log: createServerLog(() => undefined, { level: 'warn' }), now });
  }

  let server = await start(0);
  const portOf = (): number => Number(new URL(server.url).port);
  onTestFinished(async () => {
    for (const client of clients) client.destroy();
    await server.close();
  });

  proxy.sharedChannels.add(present(channels['shared'], 'there is a shared channel'));
  const idOf = (channel: string): string => channels[channel] ?? channel;

  const tokenOf = (person: PersonName): Promise<string> =>
    signToken(
      JWT_SECRET,
      {
        user: person as UserId,
        role: PEOPLE[person].role,
        name: PEOPLE[person].name,
        email: `${person}@acme.test`,
      },
      { now: now(), lifetimeMs: 3_600_000 },
    );

  let triggers = 0;
  const trigger = async (person: string): Promise<string> => {
    const made = await api('views.generateTriggerId', { user_id: users[person] });
    return made.trigger_id ?? `trigger-${++triggers}`;
  };

  const world: SlackWorld = {
    get server() {
      return server;
    },
    proxy,
    channels,
    users,
    data,
    pass: (ms) => void (offset += ms),
    now,
    async call(person, method, path, body) {
      const reply = await fetch(server.url + path, {
        method,
        headers: {
          authorization: `Bearer ${await tokenOf(person)}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? null : JSON.parse(text) };
    },
    async createQuote(id, body = {}) {
      // Everyone signs in once: their e-mail is known then.
      for (const person of Object.keys(PEOPLE)) await world.call(person as PersonName, 'GET', '/api/quotes');
      const made = await world.call('max', 'POST', '/api/quotes', {
        ...{ id, fields: { title: 'Bolts', customer: 'ACME', currency: 'EUR' } },
        lineItems: [
          { id: 'l1', name: 'Bolt M8', quantity: '100', unitPrice: '100.00' },
          { id: 'l2', name: 'Nut M8', quantity: '2', unitPrice: '100.00' },
        ],
        ...body,
      });
      if (made.status !== 201) throw new Error(JSON.stringify(made.body));
      return id;
    },
    async connect(person, quote) {
      const client = createStockClient({
        url: server.url.replace('http', 'ws'),
        quote,
        token: await tokenOf(person),
        events: true,
      });
      clients.push(client);
      await client.untilSynced();
      return client;
    },
    async command(person, text, channel = 'deals', more = {}) {
      const answer = await world.send(
        new URLSearchParams({
          ...{ command: '/quote', text, user_id: users[person] ?? person, team_id: TEAM },
          ...{ channel_id: idOf(channel), channel_name: channel, trigger_id: await trigger(person), ...more },
        }),
      );
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
      return answer.text === '' ? '' : answer.json().text;
    },
    async press(person, message, text, more = {}) {
      const button = message.blocks
        .filter(({ type }) => type === 'actions')
        .flatMap(({ elements = [] }) => elements)
        .find((one) => one.text?.text === text);
      const payload = {
        type: 'block_actions',
        user: { id: users[person] ?? person, team_id: TEAM },
        team: { id: TEAM },
        trigger_id: await trigger(person),
        channel: { id: message.channel },
        message: { ts: message.ts, ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }) },
        actions: [
          {
            type: 'button',
            block_id: 'b',
            action_ts: '1',
            ...present(button, `the message has the button ${text}`),
          },
        ],
        ...more,
      };
      return world.send(new URLSearchParams({ payload: JSON.stringify(payload) }));
    },
    async submit(person, view, values) {
      const all = Object.fromEntries(
        view.blocks
          .filter(({ type }: { type: string }) => type === 'input')
          .map((block: { block_id: string; element: ReturnType<typeof JSON.parse> }) => [
            block.block_id,
            { [block.element.action_id]: stateOf(block.element, values[block.block_id.split('@')[0] ?? '']) },
          ]),
      );
      const payload = {
        type: 'view_submission',
        user: { id: users[person], team_id: TEAM },
        team: { id: TEAM },
        trigger_id: await trigger(person),
        view: { ...view, state: { values: all } },
      };
      return world.send(new URLSearchParams({ payload: JSON.stringify(payload) }));
    },
    async view() {
      const call = present(
        proxy.calls.findLast(
          ({ method, passed }) => passed && (method === 'views.open' || method === 'views.update'),
        ),
        'a form was opened',
      );
      if (call.reply?.ok !== true) throw new Error(`the form was not taken: ${JSON.stringify(call.reply)}`);
      return call.reply.view;
    },
    async send(body, { json = false, secret = SIGNING_SECRET, at = 0 } = {}) {
      const text = String(body);
      const timestamp = String(Math.floor(now() / 1000) + at);
      const reply = await fetch(`${server.url}/slack/events`, {
        method: 'POST',
        headers: {
          'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${text}`).digest('hex')}`,
        },
        body: text,
      });
      const answered = await reply.text();
      return { status: reply.status, text: answered, json: () => JSON.parse(answered) };
    },
    async messages(channel = 'deals') {
      return slack.messages(idOf(channel));
    },
    async card(channel = 'deals') {
      const all = await world.messages(channel);
      return present(
        all.findLast(
          ({ thread_ts, ts, metadata }) =>
            (thread_ts ?? ts) === ts && metadata?.event_payload.key.startsWith('card:') === true,
        ),
        'there is a card',
      );
    },
    async thread(channel = 'deals') {
      const all = await world.messages(channel);
      return all
        .filter(({ thread_ts, ts }) => thread_ts !== undefined && thread_ts !== ts)
        .map(({ text }) => text);
    },
    async direct(person) {
      const messages = await slack.messages(await slack.directChannel(users[person] ?? person));
      return messages.map(({ shown }) => shown);
    },
    eventually: (expectation) => vi.waitFor(expectation, { timeout: 15_000, interval: 50 }),
    async restart() {
      const port = portOf();
      await server.close();
      server = await start(port);
    },
  };
  return world;
}

function stateOf(element: ReturnType<typeof JSON.parse>, value: string | undefined): unknown {
  switch (element.type) {
    case 'datepicker':
      return { type: element.type, selected_date: value ?? element.initial_date ?? null };
    case 'static_select':
    case 'radio_buttons':
      return {
        type: element.type,
        selected_option: value === undefined ? (element.initial_option ?? null) : { value },
      };
    default:
      return { type: element.type, value: value ?? element.initial_value ?? null };
  }
}

import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands between us and Slack's API and lets things go wrong, as they do: a request that never arrives, an answer that is
 * lost, too many requests, errors. It notes every call. What the API behind it lacks, it answers itself.
 */
export interface SlackApiProxy {
  readonly url: string;
  /** Every call that came, in order; `passed` where it reached the API behind. */
  readonly calls: readonly ApiCall[];
  of(method: string): readonly ApiCall[];
  /** The next calls of a method go wrong, one after the other. */
  fail(method: string, ...faults: readonly Fault[]): void;
  /** Whether a call goes wrong, for all that {@link SlackApiProxy.fail} says nothing of. */
  decide: (method: string) => Fault | null;
  /** Methods that the API behind lacks, with what they are answered. */
  readonly answers: Map<string, Readonly<Record<string, unknown>>>;
  /** Channels that are shared with other companies. */
  readonly sharedChannels: Set<string>;
  close(): Promise<void>;
}

export interface ApiCall {
  readonly method: string;
  readonly body: Readonly<Record<string, string>>;
  readonly at: number;
  readonly passed: boolean;
  /** What the API behind answered, once it has. */
  reply?: ReturnType<typeof JSON.parse>;
}

/**
 * - `lost_request`: the line is cut before it arrives; `lost_reply`: after it was done
 * - `limited`, `limited_bare`: 429 with `Retry-After: 1`, and without
 * - `error`: 500, nothing done; `error_after`: 500, done all the same
 * - `hang`: done, and never answered; `slow`: done, and answered after three seconds
 * - anything else: an error of Slack's, `{ ok: false, error }`
 */
export type Fault =
  | 'lost_request'
  | 'lost_reply'
  | 'limited'
  | 'limited_bare'
  | 'error'
  | 'error_after'
  | 'hang'
  | 'slow'
  | { readonly error: string };

const SLOW_MS = 3_000;

export async function startSlackApiProxy(behind: string): Promise<SlackApiProxy> {
  const calls: ApiCall[] = [];
  const planned = new Map<string, Fault[]>();
  const sharedChannels = new Set<string>();
  const answers = new Map<string, Readonly<Record<string, unknown>>>([
    ['assistant.threads.setStatus', { ok: true }],
  ]);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = (request.url ?? '').split('/').at(-1) ?? '';
    const text = await bodyOf(request);
    const fault = planned.get(method)?.shift() ?? proxy.decide(method);
    const passes = fault === null || ['lost_reply', 'error_after', 'hang', 'slow'].includes(String(fault));
    const call: ApiCall = {
      method,
      body: Object.fromEntries(new URLSearchParams(text)),
      at: Date.now(),
      passed: passes,
    };
    calls.push(call);
    if (fault === 'lost_request') return void request.socket.destroy();
    if (fault === 'limited')
      return answer(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': '1' });
    if (fault === 'limited_bare') return answer(response, 429, { ok: false, error: 'ratelimited' });
    if (fault === 'error') return answer(response, 500, { ok: false });
    if (fault !== null && typeof fault === 'object') return answer(response, 200, { ok: false, ...fault });
    const done = await forward(request, method, text);
    call.reply = done;
    if (fault === 'lost_reply') return void request.socket.destroy();
    if (fault === 'error_after') return answer(response, 500, { ok: false });
    if (fault === 'hang') return;
    if (fault === 'slow') await new Promise((resolve) => void setTimeout(resolve, SLOW_MS));
    answer(response, 200, done);
  }

  async function forward(
    request: IncomingMessage,
    method: string,
    text: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const own = answers.get(method);
    if (own !== undefined) return own;
    const reply = await fetch(`${behind}/api/${method}`, {
      method: 'POST',
      headers: {
        'content-type': request.headers['content-type'] ?? '',
        authorization: request.headers.authorization ?? '',
      },
      body: text,
    });
    const json = (await reply.json()) as Record<string, unknown>;
    if (method === 'conversations.replies') return inPages(json, new URLSearchParams(text));
    const channel = json['channel'];
    if (method === 'conversations.info' && typeof channel === 'object' && channel !== null && 'id' in channel)
      return { ...json, channel: { ...channel, is_ext_shared: sharedChannels.has(String(channel.id)) } };
    return json;
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: SlackApiProxy = {
    url: `http://127.0.0.1:${port}/api/`,
    calls,
    of: (method) => calls.filter((call) => call.method === method),
    fail(method, ...faults) {
      planned.set(method, [...(planned.get(method) ?? []), ...faults]);
    },
    decide: () => null,
    answers,
    sharedChannels,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** Slack gives a thread in pages. */
function inPages(json: Readonly<Record<string, unknown>>, asked: URLSearchParams): typeof json {
  const messages = json['messages'];
  if (!Array.isArray(messages)) return json;
  const from = Number(asked.get('cursor') ?? 0);
  const to = from + Number(asked.get('limit') ?? messages.length);
  const next_cursor = to < messages.length ? String(to) : '';
  return { ...json, messages: messages.slice(from, to), response_metadata: { next_cursor } };
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

import type { ServerResponse } from 'node:http';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../src/lib/result.ts';
import type { MirrorState, SlackAccount, SlackPort } from '../../src/http/slack-port.ts';
import { type TestServer, serverForTest } from '../support/server.ts';
import { Writable } from 'node:stream';
import { pino } from 'pino';

const NOW = Date.UTC(2027, 0, 15, 12);
const NOW_SECONDS = NOW / 1000;
const MALLORY: SlackAccount = { name: 'Mallory', workspace: 'ACME' };
const CODE = 'c0de-c0de-c0de-c0de-c0de-c0de-c0';

interface FakeSlack extends SlackPort {
  readonly received: { readonly body: Buffer; readonly signature: unknown }[];
  readonly links: Map<string, string | null>;
}

/** Answers what it receives by its length, and knows one link, which works once. */
function fakeSlack(more: Partial<SlackPort> = {}): FakeSlack {
  const received: FakeSlack['received'] = [];
  const links = new Map<string, string | null>([[CODE, null]]);
  return {
    received,
    links,
    receive({ rawBody, headers }, response) {
      received.push({ body: rawBody, signature: headers['x-slack-signature'] });
      response.setHeader('content-type', 'text/plain');
      response.end(`${rawBody.length} bytes`);
    },
    lookUpLink: async (code) => (links.get(code) === null ? MALLORY : null),
    async acceptLink(code, user) {
      if (links.get(code) !== null) return fail('dead');
      links.set(code, user);
      return ok(MALLORY);
    },
    unlink(user) {
      for (const [code, of] of links) if (of === user) links.set(code, null);
    },
    mirrorsOf: () => [],
    ...more,
  };
}

interface Sent {
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: without one. */
  readonly timestamp?: string | null;
}

/** As Slack does: `fetch` would add headers of its own. */
function post(server: TestServer, { body = '', headers = {}, timestamp = String(NOW_SECONDS) }: Sent = {}) {
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const asked = request(`${server.url}/slack/events`, {
      method: 'POST',
      headers: { ...(timestamp !== null && { 'x-slack-request-timestamp': timestamp }), ...headers },
    });
    asked.once('error', reject);
    asked.once('response', (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.once('error', reject);
    });
    asked.end(body);
  });
}

const serverWith = (slack?: SlackPort, more: Parameters<typeof serverForTest>[0] = {}): Promise<TestServer> =>
  serverForTest({ now: () => NOW, ...(slack !== undefined && { slack }), ...more });

const codeOf = (text: string): string => JSON.parse(text).error.code;

describe('POST /slack/events', () => {
  test.each([
    ['application/json', '{ "type" :"url_verification" }'],
    ['application/json', 'no JSON {'],
    ['application/x-www-form-urlencoded', 'command=%2Fquote&text=a+b%20c'],
    ['text/plain', 'plain'],
    ['application/octet-stream', Buffer.from([0, 255, 13, 10, 254])],
    [null, 'of no type'],
    ['application/json', ''],
  ])('hands over the body as it came, as %s: %s', async (type, body) => {
    const slack = fakeSlack();
    const server = await serverWith(slack);
    const headers = { 'x-slack-signature': 'v0=abc', ...(type !== null && { 'content-type': type }) };
    const answer = await post(server, { body, headers });
    expect(answer).toEqual({ status: 200, text: `${Buffer.byteLength(body)} bytes` });
    expect(slack.received).toEqual([{ body: Buffer.from(body), signature: 'v0=abc' }]);
  });

  test.each([
    ['now', NOW_SECONDS, 200],
    ['5 minutes old', NOW_SECONDS - 300, 200],
    ['older', NOW_SECONDS - 301, 401],
    ['5 minutes ahead', NOW_SECONDS + 300, 200],
    ['further ahead', NOW_SECONDS + 301, 401],
    ['in ms', NOW, 401],
    ['no number', 'soon', 401],
    ['half a number', `${NOW_SECONDS}x`, 401],
    ['empty', '', 401],
    ['missing', null, 401],
  ])('a time that is %s (%s) is answered %i', async (_what, timestamp, status) => {
    const slack = fakeSlack();
    const server = await serverWith(slack);
    const answer = await post(server, {
      body: 'x',
      timestamp: timestamp === null ? null : String(timestamp),
    });
    expect(answer.status).toBe(status);
    expect(slack.received).toHaveLength(status === 200 ? 1 : 0);
    if (status === 401) expect(codeOf(answer.text)).toBe('not_recent');
  });

  test('a body that is too large is turned down, other routes still take JSON', async () => {
    const slack = fakeSlack();
    const server = await serverWith(slack, { limits: { httpBodyBytes: 1_000 } });
    const answer = await post(server, { body: 'x'.repeat(1_001) });
    expect([answer.status, codeOf(answer.text)]).toEqual([413, 'too_large']);
    expect(slack.received).toEqual([]);
    expect((await post(server, { body: 'x'.repeat(1_000) })).status).toBe(200);
    const broken = await server.call('ann', 'POST', '/api/quotes', 'no JSON {');
    expect([broken.status, broken.body.error.code]).toEqual([400, 'malformed']);
  });

  test('is an unknown address where Slack is off, and for all but POST', async () => {
    const off = await post(await serverWith());
    expect([off.status, codeOf(off.text)]).toEqual([404, 'not_found']);
    const server = await serverWith(fakeSlack());
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await server.call(null, method, '/slack/events');
      expect([answer.status, answer.body.error.code]).toEqual([404, 'not_found']);
    }
  });

  test('is not described, not counted by address, and seen in the metrics', async () => {
    const server = await serverWith(fakeSlack(), { requestsPerMinute: 5 });
    for (let n = 0; n < 9; n += 1) expect((await post(server)).status).toBe(200);
    await post(server, { timestamp: '0' });
    await server.eventually(async () => {
      const { body } = await server.call(null, 'GET', '/metrics');
      expect(body).toMatch(/route="\/slack\/events",status="200"\} 9\n/);
      expect(body).toMatch(/route="\/slack\/events",status="401"\} 1\n/);
    });
    const { paths } = (await server.call('ann', 'GET', '/api/openapi.json')).body;
    expect(paths).not.toHaveProperty('/slack/events');
  });

  test('what breaks before it answers is reported, and answered', async () => {
    const broken = new Error('broken');
    const slack = fakeSlack({
      receive() {
        throw broken;
      },
    });
    const server = await serverWith(slack);
    expect(await post(server)).toEqual({ status: 500, text: '' });
    expect(server.reported).toEqual([broken]);
  });

  test('shutting down waits for what is under way, and for nothing else', async () => {
    const waiting: ServerResponse[] = [];
    const server = await serverWith(
      fakeSlack({ receive: (_request, response) => void waiting.push(response) }),
    );
    const answer = post(server);
    await server.eventually(() => expect(waiting).toHaveLength(1));
    let isStopped = false;
    const stopped = server.stop().then(() => (isStopped = true));
    await server.eventually(() => expect(fetch(server.url)).rejects.toThrow());
    expect(isStopped).toBe(false);
    for (const response of waiting) response.end('late');
    expect(await answer).toEqual({ status: 200, text: 'late' });
    await stopped;
  });
});

describe('links from Slack', () => {
  const PATH = `/api/slack/links/${CODE}`;

  test('say whose account they are about, and connect it once with who accepts', async () => {
    const slack = fakeSlack();
    const server = await serverWith(slack);
    for (let n = 0; n < 2; n += 1) {
      const found = await server.call('dana', 'GET', PATH);
      expect([found.status, found.body]).toEqual([200, MALLORY]);
    }
    expect(slack.links.get(CODE)).toBeNull();
    const accepted = await server.call('dana', 'POST', `${PATH}/accept`);
    expect([accepted.status, accepted.body]).toEqual([200, MALLORY]);
    expect(slack.links.get(CODE)).toBe('dana');
    const gone = {
      error: {
        code: 'dead_link',
        message: 'This link is not valid any more. Ask for a new one in Slack.',
      },
    };
    for (const [method, path] of [
      ['GET', PATH],
      ['POST', `${PATH}/accept`],
      ['GET', '/api/slack/links/nonsense'],
      ['POST', '/api/slack/links/nonsense/accept'],
    ] as const) {
      const answer = await server.call('eve', method, path);
      expect([answer.status, answer.body]).toEqual([404, gone]);
    }
    expect(slack.links.get(CODE)).toBe('dana');
  });

  test('show nothing to who is not signed in, nor where Slack is off', async () => {
    const slack = fakeSlack();
    const server = await serverWith(slack);
    const off = await serverWith();
    for (const [method, path] of [
      ['GET', PATH],
      ['POST', `${PATH}/accept`],
    ] as const) {
      expect((await server.call(null, method, path)).status).toBe(401);
      const answer = await off.call('dana', method, path);
      expect([answer.status, answer.body.error.code]).toEqual([404, 'not_found']);
    }
    expect(slack.links.get(CODE)).toBeNull();
  });

  test('keep their code out of the log', async () => {
    const lines: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const server = await serverWith(fakeSlack(), { logger: pino({ level: 'trace' }, stream) });
    await server.call('dana', 'GET', PATH);
    await server.call('dana', 'POST', `${PATH}/accept`);
    const paths = [
      `/slack/link/${CODE}`,
      `/slack/link/${CODE}/more`,
      `/Slack/Link/${CODE}`,
      `/slack/links/${CODE.slice(0, 31)}`,
    ];
    for (const path of paths) await (await fetch(server.url + path)).text();
    await server.eventually(() => expect(lines.length).toBeGreaterThanOrEqual(6));
    const log = lines.join('');
    expect(log).toContain('"path":"/api/slack/links/:code/accept"');
    expect(log).toContain('"path":"/slack/link/:code"');
    expect(log).not.toContain(CODE.slice(0, 20));
  });
});

describe('GET /api/quotes/:id/slack', () => {
  const MIRRORS: readonly MirrorState[] = [
    { channel: 'deals', state: 'live', why: null, since: NOW },
    { channel: 'acme', state: 'paused', why: 'Slack refuses the channel: is_archived', since: NOW - 1 },
  ];

  test('lists where Slack shows the quote, for whoever sees it', async () => {
    const slack = fakeSlack({ mirrorsOf: (quote) => (quote === 'q1' ? MIRRORS : []) });
    const server = await serverWith(slack, { defaultPermission: 'none' });
    await server.createQuote({ id: 'q1' }, 'ann');
    await server.createQuote({ id: 'q2' }, 'ann');
    await server.grant('q1', 'vic', 'viewer');
    const read = async (person: string, quote: string) => {
      const { status, body } = await server.call(person, 'GET', `/api/quotes/${quote}/slack`);
      return [status, body];
    };
    expect(await read('vic', 'q1')).toEqual([200, { mirrors: MIRRORS }]);
    expect(await read('ann', 'q2')).toEqual([200, { mirrors: [] }]);
    expect(await read('eve', 'q1')).toMatchObject([403, { error: { code: 'forbidden' } }]);
    expect(await read('eve', 'none')).toMatchObject([403, { error: { code: 'forbidden' } }]);
  });

  test('is empty where Slack is off, and 404 for a quote that is not there', async () => {
    const server = await serverWith();
    await server.createQuote({ id: 'q1' });
    expect((await server.call('ann', 'GET', '/api/quotes/q1/slack')).body).toEqual({ mirrors: [] });
    expect((await server.call('ann', 'GET', '/api/quotes/none/slack')).status).toBe(404);
  });
});

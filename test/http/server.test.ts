import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Fault } from '../../src/lib/fault.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { serverForTest } from '../support/server.ts';

describe('the server', () => {
  test('is up, ready, and counts for Prometheus, without sign-in', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    const client = await server.connect('ann', 'q1', { events: true });
    await client.untilSynced();
    client.set({ 'fields/title': 'x', 'fields/validUntil': 'never' });
    await client.untilEvent('refused');
    expect((await server.call(null, 'GET', '/healthz')).body).toEqual({ status: 'ok' });
    expect((await server.call(null, 'GET', '/readyz')).body).toEqual({ status: 'ok' });
    const { headers, body } = await server.call(null, 'GET', '/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    for (const line of [
      'quoteroom_connections 1',
      'quoteroom_rooms 1',
      'quoteroom_writes_total{verdict="refused"} 1',
      'quoteroom_log_append_seconds_count 2',
      'quoteroom_http_request_seconds_count{method="POST",route="/api/quotes",status="201"} 1',
    ]) {
      expect(body.split('\n')).toContain(line);
    }
    expect(body).toMatch(/^quoteroom_edit_to_sight_seconds_count [1-9]/m);
    expect(body).toContain('nodejs_eventloop_lag_seconds');
  });

  test('is not ready while its log does not answer', async () => {
    const log = createMemoryLog();
    const broken = new Fault({ code: 'log_unavailable', message: 'the disk /data is gone', retryable: true });
    const server = await serverForTest({ log: { ...log, head: () => Promise.reject(broken) } });
    const ready = await server.call(null, 'GET', '/readyz');
    expect([ready.status, ready.body.error.code]).toEqual([503, 'not_ready']);
    expect((await server.call(null, 'GET', '/healthz')).status).toBe(200);
    // What faults say is for those who run the server.
    const answer = await server.call('ann', 'GET', '/api/quotes/q1');
    expect(answer.status).toBe(503);
    expect(JSON.stringify(answer.body)).not.toContain('disk');
    expect(server.reported).toContain(broken);
  });

  test('a bug is a 500 that says nothing of itself, and is reported', async () => {
    const log = createMemoryLog();
    const bug = new TypeError('secret of line 7');
    const server = await serverForTest({ log: { ...log, quotes: () => Promise.reject(bug) } });
    const answer = await server.call('ann', 'GET', '/api/quotes');
    expect([answer.status, answer.body.error.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|stack|line/);
    expect(server.reported).toEqual([bug]);
  });

  test('every mistake is answered in one form', async () => {
    const server = await serverForTest({ limits: { httpBodyBytes: 2_000 } });
    await server.createQuote({ id: 'q1' });
    const token = await server.tokenFor('ann');
    const send = async (
      path: string,
      init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
    ): Promise<[number, string]> => {
      const response = await fetch(server.url + path, {
        ...init,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
      });
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect(error.message).toMatch(/^[A-Z].*\.$/);
      return [response.status, error.code];
    };
    const post = (body: string, type = 'application/json') =>
      send('/api/quotes', { method: 'POST', body, headers: { 'content-type': type } });
    expect(await send('/nowhere')).toEqual([404, 'not_found']);
    expect(await send('/api/nowhere')).toEqual([404, 'not_found']);
    expect(await send('/api/quotes/q1', { method: 'DELETE' })).toEqual([404, 'not_found']);
    expect(await send('/%zz')).toEqual([400, 'malformed']);
    expect(await post('{"id":')).toEqual([400, 'malformed']);
    expect(await post('{"__proto__":{}}')).toEqual([400, 'malformed']);
    expect(await post('')).toEqual([400, 'invalid_request']);
    expect(await post('[1]')).toEqual([400, 'invalid_request']);
    expect(await post('id=q1', 'application/x-www-form-urlencoded')).toEqual([415, 'unsupported_media_type']);
    expect(await post(JSON.stringify({ fields: { title: 'x'.repeat(3_000) } }))).toEqual([413, 'too_large']);
    expect(await send('/api/me', { headers: { authorization: 'Bearer nonsense' } })).toEqual([
      401,
      'unauthenticated',
    ]);
    expect(await send('/api/me', { headers: { authorization: 'Basic YTpi' } })).toEqual([
      401,
      'unauthenticated',
    ]);
    expect(server.reported).toEqual([]);
  });

  test('what is no HTTP is answered in the same form', async () => {
    const server = await serverForTest();
    const { hostname, port } = new URL(server.url);
    const ask = async (text: string): Promise<string> => {
      const socket = connect(Number(port), hostname);
      onTestFinished(() => void socket.destroy());
      socket.end(text);
      let answer = '';
      for await (const part of socket) answer += String(part);
      return answer;
    };
    expect(await ask('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [^]*\{"error":\{"code":"malformed"/);
    expect(await ask(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 [^]*"too_large"/,
    );
  });

  test('says who you are', async () => {
    const server = await serverForTest();
    const me = await server.call({ user: 'ann', role: 'vp_sales', name: 'Ann' }, 'GET', '/api/me');
    expect(me.body).toEqual({ user: 'ann', name: 'Ann', role: 'vp_sales' });
  });

  test('too many requests of one person are 429; others go on', async () => {
    const server = await serverForTest({ requestsPerMinute: 5 });
    for (let n = 0; n < 5; n += 1) expect((await server.call('ann', 'GET', '/api/me')).status).toBe(200);
    const answer = await server.call('ann', 'GET', '/api/me');
    expect([answer.status, answer.body.error.code]).toEqual([429, 'too_fast']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await server.call('bob', 'GET', '/api/me')).status).toBe(200);
    for (let n = 0; n < 9; n += 1) expect((await server.call(null, 'GET', '/healthz')).status).toBe(200);
  });

  test('sends strict security headers', async () => {
    const server = await serverForTest();
    const { headers } = await server.call(null, 'GET', '/healthz');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self';script-src 'self';/);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('describes itself, every reference resolved', async () => {
    const server = await serverForTest();
    const { status, body } = await server.call(null, 'GET', '/api/openapi.json');
    expect(status).toBe(200);
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths).toSorted()).toEqual([
      '/api/audit/heads',
      '/api/audit/heads/latest',
      '/api/events',
      '/api/links/{token}/accept',
      '/api/me',
      '/api/quotes',
      '/api/quotes/{id}',
      '/api/quotes/{id}/blame',
      '/api/quotes/{id}/cells',
      '/api/quotes/{id}/conflicts',
      '/api/quotes/{id}/conflicts/{n}/open',
      '/api/quotes/{id}/conflicts/{n}/settle',
      '/api/quotes/{id}/diff',
      '/api/quotes/{id}/links',
      '/api/quotes/{id}/links/{link}',
      '/api/quotes/{id}/log',
      '/api/quotes/{id}/people',
      '/api/quotes/{id}/people/{user}',
      '/api/quotes/{id}/slack',
      '/api/quotes/{id}/timeline',
      '/api/quotes/{id}/verification',
      '/api/quotes/{id}/versions',
      '/api/quotes/{id}/versions/{version}',
      '/api/sessions',
      '/api/sessions/{id}',
      '/api/sessions/{id}/audit',
      '/api/sessions/{id}/end',
      '/api/sessions/{id}/join',
      '/api/sessions/{id}/keep-open',
      '/api/sessions/{id}/leave',
      '/api/sessions/{id}/participants',
      '/api/sign-in',
      '/api/slack/links',
      '/api/slack/links/{code}',
      '/api/slack/links/{code}/accept',
      '/healthz',
      '/readyz',
    ]);
    for (const [, name = ''] of JSON.stringify(body).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(body.components.schemas).toHaveProperty(name);
    }
  });

  test('its log never holds tokens, queries or contents', async () => {
    const lines: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const server = await serverForTest({ logger: pino({ level: 'trace' }, stream) });
    await server.createQuote({ id: 'q1', fields: { title: 'confidential' } });
    const token = await server.tokenFor('ann');
    await server.call(null, 'GET', `/api/events?token=${token}x`);
    await server.call('ann', 'GET', '/api/quotes?q=confidential');
    const client = await server.connect('ann', 'q1');
    await client.untilSynced();
    const log = lines.join('');
    expect(log).toContain('"path":"/api/quotes"');
    expect(log).not.toContain('confidential');
    expect(log).not.toMatch(/eyJ|token|Bearer/);
  });
});

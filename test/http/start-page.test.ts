import { expect, test } from 'vitest';
import { addStartPage } from '../../src/http/start-page.ts';
import { serverForTest } from '../support/server.ts';

test('where sign-in links lead: says what this is and how to connect, without script and without the token', async () => {
  const server = await serverForTest({ registerExtra: addStartPage });
  const token = await server.tokenFor('ann');
  const [bare, link] = [
    await server.call(null, 'GET', '/'),
    await server.call(null, 'GET', `/?token=${token}`),
  ];
  expect(link.status).toBe(200);
  expect(link.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(link.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(link.body).toBe(bare.body);
  expect(link.body).not.toMatch(/<script|javascript:| on\w+=/i);
  for (const said of [
    'This is a Quoteroom server',
    'quoteroom watch QUOTE',
    '/api/openapi.json',
    'docs/protocol.md',
  ]) {
    expect(link.body).toContain(said);
  }
  expect((await server.call(null, 'GET', '/elsewhere')).status).toBe(404);
});

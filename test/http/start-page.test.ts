import { expect, test } from 'vitest';
import { serverForTest } from '../support/server.ts';

test('where sign-in links lead: what this is and how to connect, without script, without the token', async () => {
  const server = await serverForTest();
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
    `export QUOTEROOM_URL=${server.url}\nexport QUOTEROOM_TOKEN=TOKEN\n`,
    `${server.url.replace('http', 'ws')}/sync/QUOTE?token=TOKEN`,
    'quoteroom watch QUOTE',
    '/api/openapi.json',
    'docs/protocol.md',
  ]) {
    expect(link.body).toContain(said);
  }
  expect((await server.call(null, 'GET', '/elsewhere')).status).toBe(404);
});

test('its address is the one that the server was given, as text, whatever the request claims', async () => {
  const server = await serverForTest({ publicUrl: 'https://quotes.example/a?b=<i>&c' });
  const page = await fetch(server.url, { headers: { 'x-forwarded-host': 'evil.example' } });
  const text = await page.text();
  expect(text).toContain('export QUOTEROOM_URL=https://quotes.example/a?b=&#60;i&#62;&#38;c\n');
  expect(text).not.toContain('evil');
});

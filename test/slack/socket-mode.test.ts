import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { expect, onTestFinished, test } from 'vitest';
import { startSlackWorld } from '../support/slack-world.ts';

/** What Slack has on its end: our line is opened, and what people do comes down it. */
async function startSocketEnd(): Promise<{
  readonly url: string;
  opened(): Promise<WebSocket>;
  openedAgain(): Promise<WebSocket>;
}> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const opened = new Promise<WebSocket>((resolve) => void sockets.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    opened: () => opened,
    openedAgain: () => new Promise((resolve) => void sockets.once('connection', resolve)),
  };
}

test('with an app token Slack needs no address of ours: commands come over a socket, each once', async () => {
  const end = await startSocketEnd();
  const world = await startSlackWorld({
    env: { QUOTEROOM_SLACK_APP_TOKEN: 'xapp-of-a-test' },
    answers: { 'apps.connections.open': { ok: true, url: end.url } },
  });
  await world.createQuote('q-acme');
  const socket = await end.opened();
  const answers: { readonly envelope_id: string; readonly payload?: { readonly text: string } }[] = [];
  socket.on('message', (bytes) => answers.push(JSON.parse(String(bytes))));
  socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }));
  const payload = {
    ...{
      command: '/quote',
      text: 'set q-acme l1 quantity 5',
      user_id: world.users['rita'],
      team_id: 'T000000001',
    },
    ...{ channel_id: world.channels['deals'], trigger_id: 'one' },
  };
  for (const envelope_id of ['e1', 'e2'])
    socket.send(
      JSON.stringify({ type: 'slash_commands', envelope_id, accepts_response_payload: true, payload }),
    );
  await world.eventually(() =>
    expect(answers.map(({ payload: said }) => said?.text)).toEqual([
      'Quantity of Line 1 is 5 now.',
      'Quantity of Line 1 is 5 now.',
    ]),
  );
  expect((await world.call('rita', 'GET', '/api/quotes/q-acme')).body.revision).toBe(2);
  // Over HTTP nothing is taken then.
  expect((await world.send('{"type":"url_verification","challenge":"c"}', { json: true })).status).toBe(404);
});

test('a line that breaks, and a Slack that is away for a while, end nothing: it comes back by itself', async () => {
  const end = await startSocketEnd();
  const world = await startSlackWorld({
    env: { QUOTEROOM_SLACK_APP_TOKEN: 'xapp-of-a-test' },
    answers: { 'apps.connections.open': { ok: true, url: end.url } },
  });
  const connected = async (): Promise<boolean> =>
    /^quoteroom_slack_connected 1$/m.test(await (await fetch(`${world.server.url}/metrics`)).text());
  const hello = (socket: WebSocket): void =>
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }));
  const first = await end.opened();
  hello(first);
  await world.eventually(async () => expect(await connected()).toBe(true));
  world.proxy.fail('apps.connections.open', 'lost_request', { error: 'invalid_auth' });
  const again = end.openedAgain();
  first.terminate();
  await world.eventually(async () => expect(await connected()).toBe(false));
  hello(await again);
  await world.eventually(async () => expect(await connected()).toBe(true));
  expect(world.proxy.of('apps.connections.open')).toHaveLength(4);
});

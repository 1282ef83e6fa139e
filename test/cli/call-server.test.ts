import { spawnSync } from 'node:child_process';
import { type Server, type Socket, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callServer } from '../../src/cli/call-server.ts';
import { closureOf } from '../../src/client/closure.ts';
import { closedFor, openLiveQuote } from '../../src/cli/open-live-quote.ts';
import type { ServerAddress } from '../../src/cli/server-options.ts';
import type { QuoteId } from '../../src/lib/ids.ts';
import { present } from '../../src/lib/assert.ts';
import { PROJECT } from '../support/source-tree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Something that listens and is no Quoteroom. Gives its address. */
async function listen(answer: (socket: Socket) => void): Promise<ServerAddress> {
  const sockets: Socket[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? present(address, 'it listens').port : 0;
  return { url: `http://127.0.0.1:${port}`, token: 't', answerMs: 50 };
}

const says = (text: string) => (socket: Socket) => void socket.once('data', () => socket.write(text));
const answers = (status: string, body: string) =>
  says(`HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

const get = (server: ServerAddress): Promise<unknown> =>
  callServer(server, { method: 'GET', path: '/api/quotes' }, z.object({}));

describe('what is no Quoteroom ends in an error, and in time', () => {
  test.each<[string, (socket: Socket) => void, string]>([
    ['never answers', (socket) => void socket.resume(), 'no_answer'],
    ['begins an answer', says('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'), 'no_answer'],
    ['hangs up', (socket) => void socket.destroy(), 'unreachable'],
    ['half-closes', (socket) => void socket.resume().end(), 'unreachable'],
    ['answers with a page', answers('200 OK', '<html>'), 'bad_answer'],
  ])('HTTP: one that %s', async (_what, answer, code) => {
    await expect(get(await listen(answer))).rejects.toMatchObject({ name: 'CommandFailure', code });
  });

  test('live: one that never answers', async () => {
    const server = await listen((socket) => void socket.resume());
    await expect(openLiveQuote(server, 'q1' as QuoteId)).rejects.toMatchObject({
      code: 'no_answer',
      message: `${server.url} did not answer within 0.05 seconds: try again`,
    });
  });

  test('a process whose work ran out says so, and fails', () => {
    const script = `import { endSilence } from './src/cli/end-silence.ts'; endSilence(); await new Promise(() => undefined);`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { cwd: PROJECT, encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/^error: .*\n$/) });
  });
});

describe('a final close says what the server said', () => {
  const server = { url: 'http://127.0.0.1:1', token: 't' };

  test.each([
    [4403, '', 'forbidden', 'you have no access to quote q1: ask one of its hosts for it'],
    [
      4403,
      'you may only view (this) quote\u001B[2J',
      'forbidden',
      'the server shut you out of quote q1: you may only view (this) quote\u{fffd}[2J',
    ],
    [
      4401,
      'it is for "other" (not us)',
      'unauthenticated',
      'does not take your token: it is for "other" (not us). Set',
    ],
    [
      4401,
      '',
      'unauthenticated',
      'does not take your token: it has run out, or was not made for this server. Set',
    ],
    [4400, 'too many refused', 'malformed', '(too many refused). Copy what you have not saved, then reload.'],
  ])('%i, %j', (code, detail, kind, said) => {
    const error = closedFor(server, 'q1' as QuoteId, closureOf(code, detail));
    expect(error).toMatchObject({
      name: 'CommandFailure',
      code: kind,
      message: expect.stringContaining(said),
    });
  });
});

describe('the address', () => {
  const list = (url: string): Promise<CommandResult> =>
    runCommand({ cwd: temporaryFolder() }, 'quote', 'list', '--url', url, '--token', 't');

  test.each([
    ['http://127.0.0.1:1/api', 'http://127.0.0.1:1'],
    ['http://127.0.0.1:1/api/quotes', 'http://127.0.0.1:1'],
    ['ws://127.0.0.1:1/sync/q1', 'http://127.0.0.1:1'],
    ['http://127.0.0.1:1/?token=abc', 'http://127.0.0.1:1'],
    ['https://acme.test/quotes/api/', 'https://acme.test/quotes'],
  ])('%s is too long', async (url, base) => {
    const { code, err } = await list(url);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`leave the path out: ${base}\n`) });
  });

  test('another path may be that of a proxy, until it turns out not to be', async () => {
    const { url } = await listen(answers('404 Not Found', 'nothing'));
    const { code, err } = await list(`${url}/quotes`);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`leave the path out: ${url}\n`) });
  });

  test('https at a port of http', async () => {
    const { url } = await listen(
      (socket) => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')),
    );
    const { code, err } = await list(url.replace('http:', 'https:'));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`or try ${url}\n`) });
  });
});

import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { encodeStep1, encodeUpdateFrame } from '../../src/wire/frames.ts';
import type { Directory } from '../../src/session/directory.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { documentOf } from '../support/client-frames.ts';
import { logUnavailable } from '../support/flaky-log.ts';
import { connectRaw } from '../support/raw-client.ts';
import { type TestServer, type TestServerOptions, startTestServer } from '../support/server.ts';

async function start(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  onTestFinished(() => server.stop());
  return server;
}

async function connect(server: TestServer, quote: string, user = 'ada') {
  const client = await connectRaw(server.url, `/sync/${quote}?token=${await server.tokenFor(user)}`);
  onTestFinished(() => client.destroy());
  return client;
}

test('a connection that cannot be looked up again after it came in is in no room, and is told to try again', async () => {
  const directory = createMemoryDirectory();
  let isFailing = false;
  const flaky: Directory = {
    ...directory,
    person: (user) => (isFailing ? Promise.reject(logUnavailable()) : directory.person(user)),
  };
  const server = await start({ directory: flaky });
  const quote = await server.createQuote();
  isFailing = true;
  const ada = await connect(server, quote);
  expect((await ada.untilClosed()).code).toBe(1013);
  expect(server.rooms.peek(quote)?.members()).toEqual([]);
});

test('what comes after a text frame is nobody’s', async () => {
  const server = await start();
  const quote = await server.createQuote();
  const ada = await connect(server, quote);
  await ada.untilReceived((frame) => frame[0] === 0);
  ada.send('hello');
  ada.send(encodeUpdateFrame(Y.encodeStateAsUpdate(documentOf({ 'fields/title': 'late' }))));
  expect((await ada.untilClosed()).code).toBe(4400);
  expect(server.rooms.peek(quote)?.gate.doc.getMap('fields').get('title')).not.toBe('late');
  expect(server.rooms.peek(quote)?.members()).toEqual([]);
});

test('a line that is cut while its person is looked up leaves nobody in the room', async () => {
  const directory = createMemoryDirectory();
  let held = Promise.resolve();
  const slow: Directory = {
    ...directory,
    grant: async (...args) => held.then(() => directory.grant(...args)),
  };
  const server = await start({ directory: slow });
  const quote = await server.createQuote();
  let release: () => void = () => undefined;
  held = new Promise((resolve) => (release = resolve));
  const ada = await connect(server, quote);
  ada.send(encodeStep1(Y.encodeStateVector(new Y.Doc())));
  ada.socket.terminate();
  await ada.untilClosed();
  release();
  const bob = await server.connect('bob', quote);
  await bob.untilSynced();
  const here = (): readonly string[] => (server.rooms.peek(quote)?.members() ?? []).map(({ id }) => id);
  // The presence of whoever came and went makes the client look again.
  await bob.until(() => here().join() === 'bob', 'the cut line to be noticed');
});

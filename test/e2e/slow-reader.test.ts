import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import type { QuoteId } from '../../src/lib/ids.ts';
import { encodeStep1, encodeStep2 } from '../../src/wire/frames.ts';
import { connectRaw } from '../support/raw-client.ts';
import { startTestServer } from '../support/server.ts';

const MIB = 1024 * 1024;
/** What the kernel takes for a socket that nobody reads, on both sides; our own limit comes on top. */
const KERNEL_BYTES_MAX = 16 * MIB;

test('[R28] one reader that stops reading is closed with 4508 once 4 MiB wait for it; everyone else goes on', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  const quote: QuoteId = await server.createQuote({ fields: { title: 'Bolts' } });
  const writer = await server.connect('writer', quote, { events: true });
  const witness = await server.connect('witness', quote);
  await Promise.all([writer.untilSynced(), witness.untilSynced()]);
  const token = await server.tokenFor('slow');
  const slow = await connectRaw(server.url, `/sync/${quote}?token=${token}`);
  onTestFinished(() => slow.destroy());
  slow.send(encodeStep1(Y.encodeStateVector(new Y.Doc())));
  slow.send(encodeStep2(Y.encodeStateAsUpdate(new Y.Doc())));
  await slow.untilReceived((frame) => frame[0] === 0 && frame[1] === 1);
  const room = await server.rooms.open(quote);
  const isHere = (): boolean => room?.members().some(({ id }) => id === 'slow') === true;
  slow.socket.pause();

  let sent = 0;
  for (let round = 0; isHere(); round++) {
    const value = `${round} `.padEnd(8_000, 'x');
    writer.set(
      Object.fromEntries(Array.from({ length: 60 }, (_, line) => [`lineItems/l${line}/description`, value])),
    );
    await witness.untilCell('lineItems/l59/description', value);
    sent += 60 * value.length;
    expect(sent).toBeLessThan(KERNEL_BYTES_MAX + 4 * MIB + MIB);
  }
  expect(sent).toBeGreaterThan(4 * MIB);
  // Whoever reads again before the line is cut hears why.
  slow.socket.resume();
  expect((await slow.untilClosed()).code).toBe(4508);
  expect([writer.closes, witness.closes]).toEqual([0, 0]);
  writer.set({ 'fields/title': 'Nuts' });
  await witness.untilCell('fields/title', 'Nuts');
  expect(server.reported).toEqual([]);
});

test('[R29] a newcomer on a slow line gets a large quote in the middle of work, without being closed', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  const quote: QuoteId = await server.createQuote({ fields: { title: 'Bolts' } });
  const writer = await server.connect('writer', quote);
  const witness = await server.connect('witness', quote);
  await Promise.all([writer.untilSynced(), witness.untilSynced()]);
  const long = 'x'.repeat(8_000);
  for (let part = 0; part < 5; part++) {
    writer.set(
      Object.fromEntries(Array.from({ length: 180 }, (_, line) => [`lineItems/p${part}l${line}/name`, long])),
    );
  }
  await witness.until(() => witness.doc.getMap('lineItems').size === 900, 'the rows');
  const token = await server.tokenFor('newcomer');
  const newcomer = await connectRaw(server.url, `/sync/${quote}?token=${token}`);
  onTestFinished(() => newcomer.destroy());
  newcomer.send(encodeStep1(Y.encodeStateVector(new Y.Doc())));
  newcomer.send(encodeStep2(Y.encodeStateAsUpdate(new Y.Doc())));
  newcomer.socket.pause();
  for (let round = 0; round < 20; round++) {
    writer.set({ 'fields/title': `Bolts ${round}` });
    await witness.untilCell('fields/title', `Bolts ${round}`);
  }
  newcomer.socket.resume();
  const step2 = await newcomer.untilReceived((frame) => frame[0] === 0 && frame[1] === 1);
  expect(step2.length).toBeGreaterThan(6 * MIB);
  expect(newcomer.closed).toBeNull();
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSlackStore } from '../../src/slack/slack-store.ts';
import { startSlackWorld } from '../support/slack-world.ts';

const event = (type: string, id: string, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ type: 'event_callback', team_id: 'T000000001', event_id: id, event: { type, ...more } });

test('only what Slack signed, just now, is taken', async () => {
  const world = await startSlackWorld();
  const body = new URLSearchParams({
    command: '/quote',
    text: 'help',
    user_id: 'U1',
    team_id: 'T000000001',
    channel_id: 'C1',
    trigger_id: 't',
  });
  expect((await world.send(body, { secret: 'another' })).status).toBe(401);
  expect((await world.send(body, { at: -301 })).status).toBe(401);
  expect((await world.send(body, { at: 301 })).status).toBe(401);
  expect((await world.send('not=even&a=command')).status).not.toBe(200);
  expect((await world.send('{"type":"url_verification","challenge":"c"}', { json: true })).json()).toEqual({
    challenge: 'c',
  });
  expect((await world.send('ssl_check=1')).status).toBe(200);
});

test('an archived channel pauses its cards, and one that is opened again goes on', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  await world.command('max', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  const stateOf = async (): Promise<unknown> =>
    (await world.call('max', 'GET', '/api/quotes/q-acme/slack')).body.mirrors[0].state;
  const { deals: channel } = world.channels;
  expect((await world.send(event('channel_archive', 'Ev1', { channel }), { json: true })).status).toBe(200);
  expect(await stateOf()).toBe('paused');
  await world.command('rita', 'set q-acme title Nuts');
  await world.send(event('channel_unarchive', 'Ev2', { channel }), { json: true });
  expect(await stateOf()).toBe('live');
  // Slack sends events again, late and out of order: the same one changes nothing any more.
  await world.send(event('channel_archive', 'Ev1', { channel }), { json: true });
  expect(await stateOf()).toBe('live');
  await world.eventually(async () => expect((await world.card()).shown).toContain('Nuts'));
});

test('a channel that other companies come to read is told nothing more, and a new name is known', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  await world.command('max', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  const { deals: id } = world.channels;
  const mirrorOf = async (): Promise<unknown> =>
    (await world.call('max', 'GET', '/api/quotes/q-acme/slack')).body.mirrors[0];
  await world.send(event('channel_rename', 'Ev1', { channel: { id, name: 'big-deals', created: 1 } }), {
    json: true,
  });
  expect(await mirrorOf()).toMatchObject({ channel: 'big-deals', state: 'live' });
  await world.send(event('channel_shared', 'Ev2', { channel: id, connected_team_id: 'T2' }), { json: true });
  expect(await mirrorOf()).toMatchObject({
    state: 'ended',
    why: 'people of other companies read the channel now',
  });
  await world.command('max', 'share q-acme', 'c1');
  await world.command('rita', 'set q-acme title Nuts');
  await world.eventually(async () => expect((await world.card('c1')).shown).toContain('Nuts'));
  expect(JSON.stringify(await world.messages())).not.toContain('Nuts"');
});

test('a token that Slack no longer takes stops everything, shows it, and goes on when it is taken again', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  // By now it is known whose workspace it is.
  await world.command('max', 'list');
  const metrics = async (): Promise<string> => (await fetch(`${world.server.url}/metrics`)).text();
  world.proxy.decide = (method) =>
    method === 'chat.postMessage' || method === 'auth.test' ? { error: 'invalid_auth' } : null;
  await world.command('max', 'share q-acme');
  await world.eventually(async () => expect(await metrics()).toMatch(/^quoteroom_slack_stopped 1$/m));
  expect(await metrics()).toMatch(/^quoteroom_slack_outbox_waiting 1$/m);
  world.proxy.decide = () => null;
  await world.eventually(async () => {
    world.pass(20_000);
    expect((await world.card()).shown).toContain('Bolts');
  });
  await world.eventually(async () => expect(await metrics()).toMatch(/^quoteroom_slack_stopped 0$/m));
  expect(await world.messages()).toHaveLength(1);
});

test('the same press of a button is done once, however often it comes', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  await world.command('max', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  const card = await world.card();
  const again = { trigger_id: 'one-press' };
  const answers = await Promise.all([1, 2, 3].map(() => world.press('rita', card, 'Done editing', again)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  await world.eventually(() => expect(world.proxy.of('chat.postEphemeral')).toHaveLength(1));
  await world.press('rita', card, 'Done editing', { trigger_id: 'another-press' });
  await world.eventually(() => expect(world.proxy.of('chat.postEphemeral')).toHaveLength(2));
});

test('what was broken off by a crash is done by nobody, and whoever asked is told', async () => {
  const world = await startSlackWorld();
  const db = openDatabase(join(world.data, 'quoteroom.db'));
  const body = { user: world.users['rita'], channel: world.channels['deals'], thread: null };
  createSlackStore(db).inbox.take({ key: 'a-trigger', kind: 'command', body, at: world.now() });
  db.close();
  await world.restart();
  await world.eventually(() =>
    expect(world.proxy.of('chat.postEphemeral')[0]?.body['text']).toContain('Quoteroom was restarted'),
  );
  await world.restart();
  world.pass(5_000);
  expect(world.proxy.of('chat.postEphemeral')).toHaveLength(1);
});

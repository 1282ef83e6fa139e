import { expect, test } from 'vitest';
import { startSlackWorld } from '../support/slack-world.ts';

const DAY_MS = 24 * 3_600_000;

test('somebody whose e-mail nobody has connects by a link, once, and is that person then', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  const asked = await world.command('mallory', 'list');
  const [, code] = /\/slack\/link\/([\w-]+)\|/.exec(asked) ?? [];
  expect(asked).toContain('Quoteroom does not know yet who you are there.');
  const path = `/api/slack/links/${code}`;
  // As it is called, what nobody can choose, and where.
  expect((await world.call('noel', 'GET', path)).body).toEqual({
    name: 'mallory (@mallory, mallory@elsewhere.test)',
    workspace: 'Emulate',
  });
  expect((await world.call('noel', 'POST', `${path}/accept`)).status).toBe(200);
  expect((await world.call('noel', 'POST', `${path}/accept`)).status).toBe(404);
  expect(await world.command('mallory', 'set q-acme l1 quantity 5')).toBe('Quantity of Line 1 is 5 now.');
  const { body } = await world.call('ada', 'GET', '/api/quotes/q-acme/log?after=1&limit=1');
  expect(body.entries[0]).toMatchObject({ user: 'noel', origin: 'slack' });
  expect((await world.call('noel', 'DELETE', '/api/slack/links')).status).toBe(204);
  expect(await world.command('mallory', 'list')).toContain('does not know yet who you are');
});

test('a link that somebody else asked for connects nobody who has an account of their own', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  const [, code] = /\/slack\/link\/([\w-]+)\|/.exec(await world.command('mallory', 'list')) ?? [];
  const answer = await world.call('dana', 'POST', `/api/slack/links/${code}/accept`);
  expect(answer).toMatchObject({ status: 409, body: { error: { code: 'has_account' } } });
  expect(await world.command('mallory', 'list')).toContain('does not know yet who you are');
});

test('a newer link takes the place of an older one, and both run out', async () => {
  const world = await startSlackWorld();
  const codeOf = async (): Promise<string> =>
    /\/slack\/link\/([\w-]+)\|/.exec(await world.command('mallory', 'list'))?.[1] ?? '';
  const [first, second] = [await codeOf(), await codeOf()];
  expect((await world.call('rita', 'GET', `/api/slack/links/${first}`)).status).toBe(404);
  expect((await world.call('rita', 'GET', `/api/slack/links/${second}`)).status).toBe(200);
  world.pass(15 * 60_000);
  expect((await world.call('rita', 'GET', `/api/slack/links/${second}`)).status).toBe(404);
});

test('nobody of another workspace is anybody here', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  const sorry = 'Sorry, quotes are open to people of this workspace only.';
  expect(await world.command('rita', 'list', 'deals', { team_id: 'T-OTHER' })).toBe(sorry);
  await world.command('max', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  await world.press('rita', await world.card(), 'Edit', {
    user: { id: world.users['rita'], team_id: 'T-OTHER' },
  });
  await world.eventually(() => expect(world.proxy.of('chat.postEphemeral')[0]?.body['text']).toBe(sorry));
  expect(await world.command('U404', 'list')).toContain('Quoteroom does not get on with Slack just now.');
});

test('who did not sign in for long is asked to, and two people of one address to say who they are', async () => {
  const world = await startSlackWorld({ env: { QUOTEROOM_SLACK_ROLE_MAX_AGE_DAYS: '30' } });
  await world.createQuote('q-acme');
  world.pass(30 * DAY_MS);
  expect(await world.command('rita', 'list')).toContain('You did not sign in to Quoteroom for 30 days.');
  await world.call('rita', 'GET', '/api/quotes');
  expect(await world.command('rita', 'list')).toContain('q-acme');
  const { directory } = world.server;
  const person = await directory.person('rita' as Parameters<typeof directory.person>[0]);
  if (person === null) throw new Error('she signed in');
  await directory.see({ ...person, user: 'rita2' as typeof person.user });
  expect(await world.command('rita', 'list')).toContain('does not know yet who you are');
});

test('a form of somebody who has to sign in again stays, and says so', async () => {
  const world = await startSlackWorld({ env: { QUOTEROOM_SLACK_ROLE_MAX_AGE_DAYS: '30' } });
  await world.createQuote('q-acme');
  await world.command('max', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  await world.press('rita', await world.card(), 'Edit');
  const view = await world.view();
  world.pass(31 * DAY_MS);
  const answer = await world.submit('rita', view, { 'fields/title': 'Nuts' });
  expect(answer.json()).toMatchObject({
    response_action: 'errors',
    errors: { 'fields/title@1': expect.stringContaining('cannot tell who you are') },
  });
  await world.call('rita', 'GET', '/api/quotes');
  expect((await world.submit('rita', view, { 'fields/title': 'Nuts' })).text).toBe('');
});

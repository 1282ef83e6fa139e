import { expect, test } from 'vitest';
import { type SlackWorld, startSlackWorld } from '../support/slack-world.ts';

async function withCard(
  env: Readonly<Record<string, string>> = {},
  body: Readonly<Record<string, unknown>> = {},
): Promise<SlackWorld> {
  const world = await startSlackWorld({ env });
  await world.createQuote('q-acme', body);
  await world.command('max', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  return world;
}

const PATH = '/api/quotes/q-acme/cells';
const quantity = (value: string): { cell: string; value: string } => ({
  cell: 'lineItems/l1/quantity',
  value,
});
const metric = async (world: SlackWorld, name: string): Promise<number> => {
  const text = await (await fetch(`${world.server.url}/metrics`)).text();
  return Number(new RegExp(`^quoteroom_slack_${name} (\\d+)$`, 'm').exec(text)?.[1]);
};

test('one edit that is held in 200 cells is not 200 messages in the channel', async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `l${index}`);
  const world = await withCard(
    { QUOTEROOM_POLICY_RULES: JSON.stringify([{ cells: 'lineItems/*/quantity', tie: 'hold' }]) },
    { lineItems: ids.map((id) => ({ id, name: id, quantity: '1' })) },
  );
  const write = (person: 'rita' | 'alice', value: string) =>
    world.call(person, 'PATCH', PATH, {
      base: 1,
      writes: ids.map((id) => ({ cell: `lineItems/${id}/quantity`, value })),
    });
  await write('alice', '5');
  await write('rita', '6');
  await world.eventually(async () => expect(await metric(world, 'outbox_waiting')).toBeGreaterThan(0));
  expect(await metric(world, 'outbox_waiting')).toBeLessThan(10);
});

test('what somebody lost is told to them once, however many channels show the quote', async () => {
  const world = await withCard();
  for (const channel of ['c0', 'c1', 'c2']) await world.command('max', 'share q-acme', channel);
  await world.call('dana', 'PATCH', PATH, { base: 1, writes: [quantity('7')] });
  await world.call('rita', 'PATCH', PATH, { base: 1, writes: [quantity('9')] });
  await world.eventually(async () => {
    world.pass(1_500);
    expect(await world.thread('c2')).not.toEqual([]);
    expect(await metric(world, 'outbox_waiting')).toBe(0);
  });
  expect(await world.direct('rita')).toHaveLength(1);
});

test('a stranger who clicks and clicks does not hold up the thread', async () => {
  const world = await withCard();
  const card = await world.card();
  for (let click = 0; click < 30; click++) await world.press('mallory', card, 'Refresh');
  await world.call('dana', 'PATCH', PATH, { base: 1, writes: [quantity('7')] });
  await world.call('rita', 'PATCH', PATH, { base: 1, writes: [quantity('9')] });
  await world.eventually(async () => expect(await world.thread()).not.toEqual([]));
});

test('that Slack refuses one direct message stops nothing else', async () => {
  const world = await withCard();
  world.proxy.decide = (method) => (method === 'conversations.open' ? { error: 'access_denied' } : null);
  await world.call('dana', 'PATCH', PATH, { base: 1, writes: [quantity('7')] });
  await world.call('rita', 'PATCH', PATH, { base: 1, writes: [quantity('9')] });
  await world.eventually(() => expect(world.proxy.of('conversations.open')).not.toEqual([]));
  await world.eventually(async () => expect(await world.thread()).not.toEqual([]));
  expect(await metric(world, 'stopped')).toBe(0);
});

test('one thread that takes no status leaves the others theirs', async () => {
  const world = await withCard();
  await world.command('max', 'share q-acme', 'c0');
  await world.eventually(async () => void (await world.card('c0')));
  world.proxy.fail('assistant.threads.setStatus', { error: 'channel_not_found' });
  const rita = await world.connect('rita', 'q-acme');
  rita.provider.awareness.setLocalState({ cell: 'fields/title', editing: 'fields/title' });
  const statuses = (): string[] =>
    world.proxy.of('assistant.threads.setStatus').map(({ body }) => body['status'] ?? '');
  await world.eventually(() => expect(statuses()).toEqual(['Rita Reed is editing', 'Rita Reed is editing']));
  rita.provider.awareness.setLocalState({});
  await world.eventually(() => expect(statuses()).toHaveLength(3));
  expect(statuses()[2]).toBe('');
});

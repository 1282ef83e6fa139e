import { expect, test } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { type SlackWorld, startSlackWorld } from '../support/slack-world.ts';

async function withCard(): Promise<SlackWorld> {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  await world.command('max', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  return world;
}

const quantity = (value: string): { cell: string; value: string } => ({
  cell: 'lineItems/l1/quantity',
  value,
});

test('who was taken off the quote is told nothing of it any more', async () => {
  const world = await withCard();
  const path = '/api/quotes/q-acme/cells';
  await world.call('rita', 'PATCH', path, { writes: [quantity('5')] });
  await world.call('max', 'PUT', '/api/quotes/q-acme/people/rita', { permission: 'none' });
  await world.call('dana', 'PATCH', path, { base: 1, writes: [quantity('777')] });
  await world.eventually(async () => expect(await world.thread()).not.toEqual([]));
  expect((await world.direct('rita')).join()).not.toContain('777');
});

test('a channel that was opened to another company while nobody listened is told nothing more', async () => {
  const world = await withCard();
  world.proxy.sharedChannels.add(present(world.channels['deals'], 'there is the channel'));
  // Nor while Slack does not say.
  world.proxy.fail('conversations.info', 'error', 'limited');
  await world.restart();
  await world.command('rita', 'set q-acme title Secret', 'c0');
  await world.eventually(async () => {
    world.pass(1_000);
    const { mirrors } = (await world.call('max', 'GET', '/api/quotes/q-acme/slack')).body;
    // Until it was seen, or told.
    expect(mirrors[0].state !== 'live' || (await world.card()).shown.includes('Secret')).toBe(true);
  });
  expect((await world.card()).shown).not.toContain('Secret');
});

test('a button with the card of another quote does nothing to that', async () => {
  const world = await withCard();
  await world.call('rita', 'POST', '/api/quotes', { id: 'q-mine', fields: { title: 'Mine' } });
  const card = await world.card();
  const done = card.blocks
    .flatMap(({ elements = [] }) => elements)
    .find((element) => element.text?.text === 'Done editing');
  const value = JSON.stringify({ ...JSON.parse(done.value), quote: 'q-mine' });
  const { action_id } = done;
  await world.press('rita', card, 'Done editing', {
    actions: [{ type: 'button', block_id: 'b', action_ts: '1', action_id, value }],
  });
  const { sessions } = (await world.call('max', 'GET', '/api/sessions')).body;
  const ofAcme = sessions.find((session: { quoteId: string }) => session.quoteId === 'q-acme');
  expect(ofAcme.state).not.toBe('closed');
});

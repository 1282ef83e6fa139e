import { expect, test } from 'vitest';
import { startSlackWorld } from '../support/slack-world.ts';

test('a card is posted, follows the quote, and is made final when the session ends', async () => {
  const world = await startSlackWorld();
  const quote = await world.createQuote('q-acme');
  expect(await world.command('max', `share ${quote}`)).toBe('The card of q-acme comes to #deals.');
  await world.eventually(async () => {
    const { shown } = await world.card();
    expect(shown).toContain('Bolts');
    expect(shown).toContain('10,200.00 EUR');
    expect(shown).toContain('nobody is here right now');
  });
  const rita = await world.connect('rita', quote);
  await world.eventually(async () =>
    expect((await world.card()).shown).toContain('Rita Reed (Sales rep) is viewing'),
  );
  rita.set({ 'lineItems/l1/quantity': '108.5' });
  rita.setPresence({ cell: 'lineItems/l1/quantity', editing: 'lineItems/l1/quantity' });
  await world.eventually(async () => {
    const { shown } = await world.card();
    expect(shown).toContain('11,050.00 EUR');
    expect(shown).toContain('Rita Reed (Sales rep) is editing Quantity of Line 1');
    expect(shown).toContain('Last change: Quantity of Line 1 by Rita Reed, ');
  });
  expect(await world.thread()).toEqual([]);
  world.pass(20_000);
  await world.eventually(async () =>
    expect(await world.thread()).toEqual(['Rita Reed: Quantity of Line 1, total 10,200.00 → 11,050.00 EUR']),
  );
  const card = await world.card();
  expect((await world.press('max', card, 'Done editing')).status).toBe(200);
  await world.eventually(async () => {
    const last = await world.card();
    expect(last.shown).toContain('Session ended ');
    expect(last.shown).toContain('by Max Moor');
    expect(last.blocks.filter(({ type }) => type === 'actions')).toEqual([]);
  });
  expect(world.proxy.of('chat.postMessage')).toHaveLength(2);
});

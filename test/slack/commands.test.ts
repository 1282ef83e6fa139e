import { expect, test } from 'vitest';
import { startSlackWorld } from '../support/slack-world.ts';

test('what /quote answers, to whom it may concern', async () => {
  const world = await startSlackWorld({ env: { QUOTEROOM_DEFAULT_PERMISSION: 'none' } });
  const quote = await world.createQuote('q-acme');
  await world.call('max', 'PUT', `/api/quotes/${quote}/people/rita`, { permission: 'editor' });
  await world.call('max', 'PUT', `/api/quotes/${quote}/people/alice`, { permission: 'viewer' });

  expect(await world.command('rita', 'help')).toContain('`/quote share QUOTE`');
  expect(await world.command('rita', '')).toContain('*Quotes in Slack*');
  expect(await world.command('rita', 'dance')).toContain('There is no such command.');
  expect(await world.command('rita', 'list')).toContain('|q-acme> Bolts · ACME · Draft · 10,200.00 EUR');
  expect(await world.command('rita', 'list nothing like it')).toBe('No quote of yours has these words.');
  expect(await world.command('dana', 'list')).toBe('There are no quotes that you may see.');

  expect(await world.command('rita', 'share')).toContain('Which quote?');
  expect(await world.command('rita', 'share <!channel>')).toContain('Which quote?');
  const unknown = 'There is no quote "q-none" that you may see. `/quote list` shows yours.';
  expect(await world.command('rita', 'share q-none')).toBe(unknown);
  expect(await world.command('dana', 'share q-acme')).toBe(unknown.replace('q-none', 'q-acme'));
  expect(await world.command('alice', 'share q-acme')).toContain('You may only view this quote.');
  expect(await world.command('rita', 'share q-acme', 'shared')).toContain('People of other companies');
  expect(await world.command('rita', 'share q-acme', 'C404')).toContain('Invite it first');
  expect(await world.command('rita', 'share q-acme', 'D0123')).toContain('not in direct or group messages');
  expect(await world.messages('shared')).toEqual([]);

  expect(await world.command('rita', 'start q-acme')).toBe('The card of q-acme comes to #deals.');
  expect(await world.command('max', 'share q-acme')).toContain('is in #deals already');
  await world.eventually(async () => expect((await world.card()).shown).toContain('Bolts'));
  expect(world.proxy.of('chat.postMessage')).toHaveLength(1);
});

test('/quote set writes through the gate, as who typed it, and says what became of it', async () => {
  const world = await startSlackWorld();
  const quote = await world.createQuote('q-acme');
  expect(await world.command('rita', 'set q-acme l1 quantity 5')).toBe('Quantity of Line 1 is 5 now.');
  expect(await world.command('rita', 'set q-acme 2 unit price 1,250.50')).toBe(
    'Unit price of Line 2 is 1,250.5 now.',
  );
  expect(await world.command('rita', 'set q-acme payment terms 30 days net')).toBe(
    'Payment terms is 30 days net now.',
  );
  // As Slack sends what was typed.
  await world.command('rita', 'set q-acme customer A &amp; B &lt;Ltd&gt;');
  expect((await world.call('rita', 'GET', `/api/quotes/${quote}`)).body.fields.customer).toBe('A & B <Ltd>');
  expect(await world.command('rita', 'set q-acme lineItems/l1/discountPercent 15')).toBe(
    'Discount of Line 1 was not changed: Sales rep may set at most 10 here; Sales manager is the lowest role that may set this.',
  );
  expect(await world.command('rita', 'set q-acme l1 quantity many')).toContain('the value is not a number');
  expect(await world.command('rita', 'set q-acme l9 quantity 5')).toContain(
    'there is no line, discount or field "l9"',
  );
  expect(await world.command('rita', 'set q-acme l1 colour red')).toContain('"colour" is no column');
  expect(await world.command('rita', 'set q-acme title')).toContain('What is it to be?');
  await world.command('rita', 'set q-acme contact Ina   B.');
  expect((await world.call('rita', 'GET', `/api/quotes/${quote}`)).body.fields.contact).toBe('Ina   B.');
  expect(await world.command('rita', 'set q-acme')).toContain('What is to be set?');

  const { body } = await world.call('ada', 'GET', `/api/quotes/${quote}/log?after=1&limit=10`);
  const { 0: first, 4: fifth } = body.entries;
  expect(first).toMatchObject({ origin: 'slack', user: 'rita', role: 'sales_rep' });
  expect(fifth.writes[0]).toMatchObject({ cell: 'lineItems/l1/discountPercent', reason: 'not_permitted' });
});

test('what was typed never comes alive in an answer', async () => {
  const world = await startSlackWorld();
  const alive = '<!channel> <@U1> & *x* _y_ `z`';
  await world.createQuote('q-acme', { fields: { title: alive, customer: alive, currency: 'EUR' } });
  const answers = [
    await world.command('rita', 'list'),
    await world.command('rita', `set q-acme title ${alive}`),
    await world.command('rita', `set q-acme ${alive} 5`),
    await world.command('rita', `set q-acme l1 ${alive} 5`),
    await world.command('rita', `set q-acme l1 quantity ${alive}`),
    await world.command('rita', `share ${alive}`),
    await world.command('rita', alive),
  ];
  for (const answer of answers) {
    expect(answer.replaceAll(/<http[^|>]*\|[^<>]*>/g, '')).not.toMatch(/<[!@#]|<http|&(?!amp;|lt;|gt;)/);
    expect(answer.split('*Quotes in Slack*')[0]).not.toMatch(/(?<!\u200b)\*x(?<!\u200b)\*/);
  }
});

test('a command that comes twice is done once and answered the same', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  const again = { trigger_id: 'the-same-trigger' };
  const first = await world.command('rita', 'set q-acme l1 quantity 5', 'deals', again);
  const second = await world.command('rita', 'set q-acme l1 quantity 5', 'deals', again);
  expect(second).toBe(first);
  expect((await world.call('rita', 'GET', '/api/quotes/q-acme')).body.revision).toBe(2);
});

test('a write in Slack carries the revision that the card showed', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  await world.command('rita', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  // The card stays as it is: what follows is not seen.
  world.proxy.decide = (method) => (method === 'chat.update' ? 'error' : null);
  await world.call('dana', 'PATCH', '/api/quotes/q-acme/cells', {
    writes: [{ cell: 'lineItems/l1/quantity', value: '7' }],
  });
  expect(await world.command('rita', 'set q-acme l1 quantity 5')).toBe(
    'Quantity of Line 1 was not changed: Dana Dorn (VP Sales) set 7, and decides here.',
  );
});

test('while Slack is slow, whoever asked is told so in time, and the answer follows', async () => {
  const world = await startSlackWorld();
  await world.createQuote('q-acme');
  world.proxy.fail('conversations.info', 'slow');
  expect(await world.command('max', 'share q-acme')).toBe('Slack is slow just now. The answer follows.');
  await world.eventually(() =>
    expect(world.proxy.of('chat.postEphemeral')[0]?.body['text']).toBe('The card of q-acme comes to #deals.'),
  );
  await world.eventually(async () => expect((await world.card()).shown).toContain('Bolts'));
});

import { expect, test } from 'vitest';
import { type SlackWorld, startSlackWorld } from '../support/slack-world.ts';
import { textOfBlocks } from '../support/slack-text.ts';

async function withCard(body?: Readonly<Record<string, unknown>>): Promise<SlackWorld> {
  const world = await startSlackWorld();
  await world.createQuote('q-acme', body);
  await world.command('max', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  return world;
}

const quoteOf = async (world: SlackWorld) => (await world.call('ada', 'GET', '/api/quotes/q-acme')).body;

test('Edit opens a form of what stands, and only what was changed is written', async () => {
  const world = await withCard({
    discounts: [{ id: 'd1', label: 'Spring', kind: 'percent', value: '5', appliesTo: 'quote' }],
  });
  await world.press('rita', await world.card(), 'Edit');
  const view = await world.view();
  expect(textOfBlocks(view.blocks)).toContain('Title [Bolts]');
  expect(textOfBlocks(view.blocks)).toContain('Value of Discount 1: Spring in percent [5]');
  const answer = await world.submit('rita', view, {
    'fields/title': 'Bolts and nuts',
    'fields/validUntil': '2027-01-31',
  });
  expect([answer.status, answer.text]).toEqual([200, '']);
  const { revision, fields } = await quoteOf(world);
  expect(fields).toMatchObject({ title: 'Bolts and nuts', validUntil: '2027-01-31', customer: 'ACME' });
  expect(revision).toBe(2);
  const { body } = await world.call('ada', 'GET', '/api/quotes/q-acme/log?after=1&limit=1');
  const [entry] = body.entries;
  expect(entry).toMatchObject({ origin: 'slack', user: 'rita' });
  expect(entry.writes.map(({ cell }: { cell: string }) => cell).toSorted()).toEqual([
    'fields/title',
    'fields/validUntil',
  ]);
  // Whoever edits from Slack takes part, and the card shows it.
  await world.eventually(async () => expect((await world.card()).shown).toContain('Rita Reed (Sales rep)'));
});

test('nothing changed writes nothing', async () => {
  const world = await withCard();
  await world.press('rita', await world.card(), 'Edit');
  expect((await world.submit('rita', await world.view(), {})).text).toBe('');
  expect((await quoteOf(world)).revision).toBe(1);
});

test('a line is found by search and edited; what else was typed stays', async () => {
  const lineItems = Array.from({ length: 2_000 }, (_, index) => ({
    id: `n${index + 1}`,
    name: `Part ${index + 1}`,
    quantity: '1',
    unitPrice: '1.00',
  }));
  const world = await withCard({ lineItems });
  expect((await world.card()).shown).toContain('2,000 lines');
  await world.press('rita', await world.card(), 'Edit');
  const view = await world.view();
  const user = { id: world.users['rita'], team_id: 'T000000001' };
  const search = {
    type: 'block_suggestion',
    user,
    team: { id: 'T000000001' },
    action_id: 'line.v1',
    block_id: 'line',
    value: 'part 1999',
    view: { ...view, state: { values: {} } },
  };
  const found = await world.send(new URLSearchParams({ payload: JSON.stringify(search) }));
  expect(found.json().options).toEqual([
    { text: { type: 'plain_text', text: '1999. 1 x Part 1999', emoji: false }, value: 'n1999' },
  ]);
  const all = { ...search, value: '' };
  expect(
    (await world.send(new URLSearchParams({ payload: JSON.stringify(all) }))).json().options,
  ).toHaveLength(100);

  const picked = {
    type: 'block_actions',
    user,
    team: { id: 'T000000001' },
    trigger_id: 't1',
    view: { ...view, state: { values: {} } },
    actions: [
      {
        type: 'external_select',
        action_id: 'line.v1',
        block_id: 'line',
        action_ts: '1',
        selected_option: { value: 'n1999' },
      },
    ],
  };
  // The form that the API keeps has an id that only it knows.
  const opened = world.proxy.of('views.open').length;
  await world.send(new URLSearchParams({ payload: JSON.stringify(picked) }));
  expect(opened).toBe(1);
  const withLine = await world.view();
  expect(textOfBlocks(withLine.blocks)).toContain('Name [Part 1999]');
  // Fields keep their names, so what was typed in them stays.
  const ids = (blocks: { block_id?: string }[]) =>
    blocks.map(({ block_id: id }) => id).filter((id) => id?.startsWith('fields/'));
  expect(ids(withLine.blocks)).toEqual(ids(view.blocks));
  await world.submit('rita', withLine, { 'lineItems/n1999/quantity': '1,000', 'fields/title': 'Many parts' });
  const quote = await quoteOf(world);
  expect(quote.fields.title).toBe('Many parts');
  expect(quote.lineItems[1998]).toMatchObject({ id: 'n1999', quantity: '1000', name: 'Part 1999' });
});

test('a refusal is answered in the form, with who decides and what stands', async () => {
  const world = await withCard();
  await world.press('rita', await world.card(), 'Edit');
  const view = await world.view();
  await world.call('dana', 'PATCH', '/api/quotes/q-acme/cells', {
    writes: [{ cell: 'fields/title', value: 'Bolts for ACME' }],
  });
  const refused = await world.submit('rita', view, { 'fields/title': 'Nuts' });
  expect(refused.json()).toEqual({
    response_action: 'errors',
    errors: { 'fields/title@1': 'Not saved: Dana Dorn (VP Sales) set Bolts for ACME, and decides here.' },
  });
  const partly = await world.submit('rita', view, { 'fields/title': 'Nuts', 'fields/contact': 'Ina' });
  expect(partly.json().response_action).toBe('update');
  const shown = textOfBlocks(partly.json().view.blocks);
  expect(shown).toContain(
    'Saved: Contact. Not saved: Title (Dana Dorn (VP Sales) set Bolts for ACME, and decides here).',
  );
  expect(shown).toContain('Title [Bolts for ACME]');
  // Now it was seen.
  await world.submit('rita', { ...partly.json().view, id: 'V9', hash: 'h9' }, { 'fields/title': 'Nuts' });
  expect((await quoteOf(world)).fields).toMatchObject({ title: 'Nuts', contact: 'Ina' });
});

test('what is no number is said at its input, and nothing is written', async () => {
  const world = await withCard({ discounts: [{ id: 'd1', kind: 'amount', value: '5' }] });
  await world.press('rita', await world.card(), 'Edit');
  const answer = await world.submit('rita', await world.view(), {
    'discounts/d1/value': 'much',
    'fields/title': 'X',
  });
  expect(answer.json()).toEqual({
    response_action: 'errors',
    errors: { 'discounts/d1/value@1': 'This is not a number; write it like 1200.50.' },
  });
  expect((await quoteOf(world)).revision).toBe(1);
});

test('whoever may only view is told so, and a form of another time is closed politely', async () => {
  const world = await withCard();
  await world.call('max', 'PUT', '/api/quotes/q-acme/people/rita', { permission: 'viewer' });
  await world.press('rita', await world.card(), 'Edit');
  await world.eventually(() =>
    expect(world.proxy.of('chat.postEphemeral')[0]?.body['text']).toContain('You may only view this quote.'),
  );
  expect(world.proxy.of('views.open')).toEqual([]);
  const old = { id: 'V1', hash: 'h', callback_id: 'edit_quote.v0', private_metadata: '', blocks: [] };
  const answer = await world.submit('max', old, {});
  expect(answer.json().view.title.text).toBe('Out of date');
});

import { expect, test } from 'vitest';
import { type SlackWorld, startSlackWorld } from '../support/slack-world.ts';
import { textOfBlocks } from '../support/slack-text.ts';

async function withCard(env: Readonly<Record<string, string>> = {}): Promise<SlackWorld> {
  const world = await startSlackWorld({ env });
  await world.createQuote('q-acme');
  await world.command('max', 'share q-acme');
  await world.eventually(async () => void (await world.card()));
  return world;
}

/** What only one person saw. */
const privately = (world: SlackWorld): string[] =>
  world.proxy.of('chat.postEphemeral').map(({ body }) => body['text'] ?? '');

test('Done twice by two people: the second is told who was first', async () => {
  const world = await withCard();
  const card = await world.card();
  await Promise.all([world.press('ada', card, 'Done editing'), world.press('max', card, 'Done editing')]);
  await world.eventually(() => expect(privately(world)).toHaveLength(1));
  expect(privately(world)[0]).toMatch(
    /^This session was ended on \d{4}-\d\d-\d\d at \d\d:\d\d UTC by (Ada Admin|Max Moor)\. `\/quote share q-acme` starts another\.$/,
  );
  await world.eventually(async () => expect((await world.card()).shown).toContain('Session ended'));
  // A third, on the old card as it still stands on their screen.
  await world.press('dana', card, 'Edit');
  await world.eventually(() => expect(privately(world)).toHaveLength(2));
  expect(privately(world)[1]).toContain('This session was ended on');
});

test('who is no host does not end a session', async () => {
  const world = await withCard();
  await world.press('rita', await world.card(), 'Done editing');
  await world.eventually(() =>
    expect(privately(world)).toEqual(['Hosts of the quote end its session. *Leave* takes you off the card.']),
  );
  expect((await world.card()).shown).not.toContain('Session ended');
});

test('buttons of a card that was posted before a restart work, and the card goes on', async () => {
  const world = await withCard();
  const card = await world.card();
  await world.restart();
  expect((await world.press('rita', card, 'Edit')).status).toBe(200);
  expect(world.proxy.of('views.open')).toHaveLength(1);
  await world.eventually(async () => expect((await world.card()).shown).toContain('Rita Reed (Sales rep)'));
  await world.press('rita', card, 'Leave');
  await world.eventually(async () =>
    expect((await world.card()).shown).toContain('nobody is here right now'),
  );
  expect(await world.messages()).toHaveLength(1);
});

test('edits made while the server was away are told after it', async () => {
  const world = await withCard();
  await world.command('rita', 'set q-acme l1 quantity 5');
  await world.restart();
  world.pass(21_000);
  await world.eventually(async () =>
    expect(await world.thread()).toEqual(['Rita Reed: Quantity of Line 1, total 10,200.00 → 700.00 EUR']),
  );
  await world.restart();
  world.pass(61_000);
  await world.command('rita', 'set q-acme l1 quantity 6');
  world.pass(61_000);
  await world.eventually(async () => expect(await world.thread()).toHaveLength(2));
});

test('a button of another time, and one that is none of ours, are answered politely', async () => {
  const world = await withCard();
  const card = await world.card();
  const old = {
    actions: [{ type: 'button', action_id: 'vote.v0', block_id: 'b', action_ts: '1', value: '{}' }],
  };
  expect((await world.press('rita', card, 'Edit', old)).status).toBe(200);
  await world.eventually(() =>
    expect(privately(world)).toEqual(['This button is of an older card. `/quote share` brings a new one.']),
  );
});

test('somebody deleted the card: nothing more is sent, and it can be shared again', async () => {
  const world = await withCard();
  const rita = await world.connect('rita', 'q-acme');
  world.proxy.fail('chat.update', { error: 'message_not_found' });
  rita.set({ 'fields/title': 'Nuts' });
  await world.eventually(async () => {
    const { body } = await world.call('rita', 'GET', '/api/quotes/q-acme/slack');
    expect(body.mirrors).toMatchObject([
      { channel: 'deals', state: 'ended', why: 'its card was deleted in Slack' },
    ]);
  });
  const updates = world.proxy.of('chat.update').length;
  expect(await world.command('max', 'share q-acme')).toBe('The card of q-acme comes to #deals.');
  await world.eventually(async () =>
    expect((await world.messages()).filter(({ metadata }) => metadata)).toHaveLength(2),
  );
  expect(world.proxy.of('chat.update')).toHaveLength(updates);
});

test('before a session runs out the thread is warned, and Keep open goes on', async () => {
  const world = await withCard({
    QUOTEROOM_SESSION_TIMEOUT_MINUTES: '5.5',
    QUOTEROOM_SESSION_WARNING_MINUTES: '5',
  });
  await world.connect('rita', 'q-acme');
  await world.eventually(async () => {
    world.pass(2_000);
    expect(await world.thread()).toHaveLength(1);
  });
  const warning = (await world.messages()).at(-1);
  if (warning === undefined) throw new Error('it was told');
  expect(warning.shown).toContain('[Keep open]');
  await world.eventually(async () => expect((await world.card()).shown).toContain('The session ends at'));
  await world.press('max', warning, 'Keep open');
  await world.eventually(() => expect(privately(world)).toEqual(['The session goes on.']));
  await world.eventually(async () => expect((await world.card()).shown).not.toContain('The session ends at'));
});

test('a held conflict is told in the thread without its values, and settled by who may', async () => {
  const world = await withCard({
    QUOTEROOM_POLICY_RULES: JSON.stringify([{ cells: 'fields/paymentTerms', tie: 'hold' }]),
  });
  const write = (person: 'rita' | 'alice', value: string) =>
    world.call(person, 'PATCH', '/api/quotes/q-acme/cells', {
      base: 1,
      writes: [{ cell: 'fields/paymentTerms', value }],
    });
  await write('alice', '30 days');
  await write('rita', '60 days');
  await world.eventually(async () =>
    expect(await world.thread()).toEqual([
      'Alice Ames and Rita Reed both changed Payment terms. The first value stays until somebody chooses.',
    ]),
  );
  await world.eventually(async () =>
    expect((await world.card()).shown).toContain('1 conflict waits for somebody to choose'),
  );
  const [held] = (await world.messages()).slice(-1);
  if (held === undefined) throw new Error('it was told');
  expect(JSON.stringify(held)).not.toContain('60 days');
  await world.press('max', held, 'Choose');
  const view = await world.view();
  expect(textOfBlocks(view.blocks)).toContain('60 days (Rita Reed (Sales rep))');
  const parked = view.blocks[0].element.options[1].value;
  expect((await world.submit('max', view, { choice: parked })).text).toBe('');
  expect((await world.call('max', 'GET', '/api/quotes/q-acme')).body.fields.paymentTerms).toBe('60 days');
  await world.press('dana', held, 'Choose');
  await world.eventually(() => expect(privately(world)).toEqual(['This conflict is settled already.']));
  await world.eventually(async () => expect((await world.card()).shown).not.toContain('waits'));
});

test('an edit that lost is told in the thread by what and whom, and with its values to its author alone', async () => {
  const world = await withCard();
  await world.call('dana', 'PATCH', '/api/quotes/q-acme/cells', {
    base: 1,
    writes: [{ cell: 'lineItems/l1/quantity', value: '7' }],
  });
  await world.call('rita', 'PATCH', '/api/quotes/q-acme/cells', {
    base: 1,
    writes: [{ cell: 'lineItems/l1/quantity', value: '9' }],
  });
  // And the other way round: what stood is put aside by somebody who had not seen it.
  await world.call('alice', 'PATCH', '/api/quotes/q-acme/cells', {
    writes: [{ cell: 'fields/contact', value: 'Ina' }],
  });
  await world.call('dana', 'PATCH', '/api/quotes/q-acme/cells', {
    base: 1,
    writes: [{ cell: 'fields/contact', value: 'Tom' }],
  });
  await world.eventually(async () =>
    expect((await world.thread()).toSorted()).toEqual([
      "Alice Ames's edit of Contact was overridden by Dana Dorn (VP Sales).",
      "Rita Reed's edit of Quantity of Line 1 was overridden by Dana Dorn (VP Sales).",
    ]),
  );
  await world.eventually(async () =>
    expect((await world.direct('rita')).join()).toContain(
      'your 9 does not stand. Dana Dorn (VP Sales) set 7',
    ),
  );
  await world.eventually(async () =>
    expect((await world.direct('alice')).join()).toContain(
      'your Ina does not stand. Dana Dorn (VP Sales) set Tom',
    ),
  );
  expect(await world.direct('dana')).toEqual([]);
});

test('shared again right after its end: the old card is made final, and the new one is live', async () => {
  const world = await withCard();
  const old = await world.card();
  await world.press('max', old, 'Done editing');
  expect(await world.command('max', 'share q-acme')).toBe('The card of q-acme comes to #deals.');
  await world.eventually(async () => {
    const cards = (await world.messages()).filter(({ thread_ts }) => thread_ts === undefined);
    expect(cards).toHaveLength(2);
    expect(cards[0]?.shown).toContain('Session ended');
    expect(cards[1]?.shown).toContain('nobody is here right now');
  });
});

test('who looked at a conflict and did not choose lets go of it', async () => {
  const world = await withCard({
    QUOTEROOM_POLICY_RULES: JSON.stringify([{ cells: 'fields/paymentTerms', tie: 'hold' }]),
  });
  const write = (person: 'rita' | 'alice', value: string) =>
    world.call(person, 'PATCH', '/api/quotes/q-acme/cells', {
      base: 1,
      writes: [{ cell: 'fields/paymentTerms', value }],
    });
  await write('alice', '30 days');
  await write('rita', '60 days');
  await world.eventually(async () => expect(await world.thread()).toHaveLength(1));
  const held = (await world.messages()).at(-1);
  if (held === undefined) throw new Error('it was told');
  const lookers = async (): Promise<unknown> =>
    (await world.call('max', 'GET', '/api/quotes/q-acme/conflicts')).body.conflicts[0].openedBy?.id;
  await world.press('max', held, 'Choose');
  expect(await lookers()).toBe('max');
  const user = { id: world.users['max'], team_id: 'T000000001' };
  const closed = {
    type: 'view_closed',
    user,
    team: { id: 'T000000001' },
    view: await world.view(),
    is_cleared: false,
  };
  await world.send(new URLSearchParams({ payload: JSON.stringify(closed) }));
  expect(await lookers()).toBeUndefined();
  world.proxy.fail('views.open', { error: 'expired_trigger_id' });
  await world.press('max', held, 'Choose');
  expect(await lookers()).toBeUndefined();
});

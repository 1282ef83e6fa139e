import { expect, test } from 'vitest';
import { type SlackDelivery, startSlackDelivery } from '../support/slack-delivery.ts';
import { type SlackEmulator, startSlackApi } from '../support/slack-emulator.ts';

const HOUR_MS = 3_600_000;

interface Parts {
  readonly slack: SlackEmulator;
  readonly delivery: SlackDelivery;
  readonly channel: string;
  readonly rita: string;
  keys(where?: string): Promise<(string | undefined)[]>;
  /** What the card shows. */
  shown(): Promise<string>;
  updates(): number;
}

async function startDelivery(options: { readonly card?: false } = {}): Promise<Parts> {
  const slack = await startSlackApi([{ name: 'rita', real_name: 'Rita Reed', email: 'rita@acme.test' }]);
  const channel = slack.channels['deals'] ?? '';
  const delivery = startSlackDelivery(slack, channel);
  if (options.card !== false) {
    delivery.setTitle('First');
    delivery.addCard();
    await delivery.untilSent();
  }
  return {
    slack,
    delivery,
    channel,
    rita: slack.users['rita'] ?? '',
    keys: async (where = channel) =>
      (await slack.messages(where)).map(({ metadata }) => metadata?.event_payload.key),
    shown: async () => (await slack.messages(channel))[0]?.shown ?? '',
    updates: () => slack.proxy.of('chat.update').length,
  };
}

const pass = async (delivery: SlackDelivery, seconds: number): Promise<void> => {
  for (let second = 0; second < seconds; second++) await delivery.until(() => (delivery.pass(1_000), true));
};

test('what is told twice is sent once, also where the first has long been sent', async () => {
  const { delivery, keys } = await startDelivery();
  delivery.addNotice('n1');
  delivery.addNotice('n1');
  await delivery.untilSent();
  delivery.addNotice('n1');
  delivery.addNotice('n2');
  await delivery.untilSent();
  expect(await keys()).toEqual(['card:m1', 'n1', 'n2']);
});

test('of a message whose answer was lost, a lookup that fails over and over gives no second one', async () => {
  const { slack, delivery, keys } = await startDelivery();
  delivery.addNotice('n1');
  delivery.addNotice('n2');
  slack.proxy.fail('chat.postMessage', 'lost_reply');
  slack.proxy.fail(
    'conversations.replies',
    ...(['error', 'limited', 'lost_request', 'limited_bare', 'lost_reply', 'error_after'] as const),
  );
  await delivery.untilSent();
  expect(await keys()).toEqual(['card:m1', 'n1', 'n2']);
  expect(slack.proxy.of('conversations.replies')).toHaveLength(7);
});

test('lookups that fail come less and less often', async () => {
  const { slack, delivery } = await startDelivery();
  slack.proxy.fail('chat.postMessage', 'lost_reply');
  slack.proxy.decide = (method) => (method === 'conversations.replies' ? 'error' : null);
  delivery.addNotice('n1');
  await pass(delivery, 300);
  expect(slack.proxy.of('conversations.replies').length).toBeLessThan(12);
});

test('a message is found among hundreds that came after it', async () => {
  const { slack, delivery, channel, rita, keys } = await startDelivery();
  const lane = await slack.directChannel(rita);
  const [root] = await slack.messages(channel);
  delivery.pass(5_000);
  delivery.addNotice('n1');
  delivery.addDirect('d1', rita);
  slack.proxy.fail('chat.postMessage', 'lost_reply', 'lost_reply');
  await delivery.until(() => delivery.store.outbox.counts().inflight === 2);
  // A thread is read from its beginning, a channel from its end.
  for (let index = 0; index < 450; index++) {
    await slack.api('chat.postMessage', { channel: lane, text: `another ${index}` });
    await slack.api('chat.postMessage', { channel, thread_ts: root?.ts, text: `another ${index}` });
  }
  await delivery.untilSent();
  expect(slack.proxy.of('conversations.history')).toHaveLength(3);
  expect((await keys()).filter((key) => key === 'n1')).toHaveLength(1);
  expect((await slack.messages(lane)).filter(({ metadata }) => metadata !== undefined)).toHaveLength(1);
});

test('one that cannot be found among too many messages is given up, not sent again', async () => {
  const { slack, delivery, keys } = await startDelivery();
  slack.proxy.fail('chat.postMessage', 'lost_reply');
  slack.proxy.answers.set('conversations.replies', {
    ...{ ok: true, messages: [], response_metadata: { next_cursor: 'more' } },
  });
  delivery.addNotice('n1');
  delivery.addNotice('n2');
  await delivery.untilSent();
  expect(await keys()).toEqual(['card:m1', 'n1', 'n2']);
  expect(delivery.store.outbox.counts()).toMatchObject({ sent: 2, dead: 1 });
});

test('yesterday’s message is not sent any more, and those after it are', async () => {
  const { slack, delivery, keys } = await startDelivery();
  delivery.addNotice('yesterday');
  delivery.pass(25 * HOUR_MS);
  delivery.addNotice('today');
  await delivery.untilSent();
  expect(await keys()).toEqual(['card:m1', 'today']);
  expect(delivery.store.outbox.counts()).toMatchObject({ dead: 1, lastError: 'too old' });
  expect(slack.proxy.of('chat.postMessage')).toHaveLength(2);
});

test('a private answer is tried five times and no more, also by processes that die of it', async () => {
  const { slack, delivery, rita } = await startDelivery({ card: false });
  slack.proxy.decide = (method) => (method === 'chat.postEphemeral' ? 'lost_reply' : null);
  delivery.addPrivate('p1', rita);
  // A process looks at its channels first.
  let ticks = 0;
  await delivery.untilSent({ each: () => (ticks++ % 4 === 3 ? delivery.restart() : undefined) });
  expect(slack.proxy.of('chat.postEphemeral')).toHaveLength(5);
  expect(delivery.store.outbox.counts()).toMatchObject({ sent: 0, dead: 1, lastError: 'no answer' });
});

test('a direct message that may have arrived stays so while its channel cannot be opened', async () => {
  const { slack, delivery, rita, keys } = await startDelivery({ card: false });
  slack.proxy.fail('chat.postMessage', 'lost_reply');
  delivery.addDirect('d1', rita);
  await delivery.until(() => delivery.store.outbox.counts().inflight === 1);
  // The next process knows no channel of hers.
  delivery.restart();
  slack.proxy.fail('conversations.open', 'limited', 'error', { error: 'invalid_auth' });
  await delivery.untilSent();
  expect(await keys(await slack.directChannel(rita))).toEqual(['d1']);
});

test('what is not allowed in one person’s messages stops nobody else', async () => {
  for (const error of ['missing_scope', 'access_denied']) {
    const { slack, delivery, rita, keys } = await startDelivery();
    slack.proxy.decide = (method) => (method === 'conversations.open' ? { error } : null);
    delivery.addDirect('d1', rita);
    delivery.addNotice('n1');
    await delivery.untilSent();
    expect(await keys()).toEqual(['card:m1', 'n1']);
    expect(delivery.store.outbox.counts()).toMatchObject({ dead: 1, lastError: error });
    expect(delivery.store.budgets.stop()).toBeNull();
  }
});

test('a paused mirror holds up nobody else in its channel, and nobody in direct messages', async () => {
  const { slack, delivery, rita, keys } = await startDelivery();
  slack.proxy.fail('chat.postMessage', { error: 'not_in_channel' });
  delivery.addNotice('n1');
  await delivery.until(() => delivery.stored().state === 'paused');
  delivery.addMirror('m2');
  delivery.addCard('m2');
  delivery.addNotice('of another', 'm2');
  delivery.addNotice('n2');
  delivery.addDirect('d1', rita);
  await delivery.until(() => delivery.store.outbox.counts().sent === 4);
  expect((await keys()).toSorted()).toEqual(['card:m1', 'card:m2', 'of another']);
  delivery.mirror.refresh('m1');
  await delivery.untilSent();
  expect(await keys()).toEqual(['card:m1', 'card:m2', 'of another', 'n1', 'n2']);
});

test('a channel that was opened again is tried by itself after a while, and by the next process at once', async () => {
  const { slack, delivery, keys } = await startDelivery();
  slack.proxy.fail('chat.postMessage', { error: 'is_archived' }, { error: 'is_archived' });
  delivery.addNotice('n1');
  await delivery.until(() => delivery.stored().state === 'paused');
  expect(delivery.stored().why).toBe('the channel is archived (is_archived)');
  delivery.restart();
  expect(delivery.stored().state).toBe('live');
  await delivery.until(() => delivery.stored().state === 'paused');
  await delivery.untilSent();
  expect(await keys()).toEqual(['card:m1', 'n1']);
});

test('what a mirror that is over cannot say any more does not stand in the way', async () => {
  const { slack, delivery, keys } = await startDelivery();
  slack.proxy.fail('chat.postMessage', { error: 'is_archived' }, { error: 'is_archived' });
  delivery.addNotice('n1');
  await delivery.until(() => delivery.stored().state === 'paused');
  delivery.store.mirrors.setState('m1', 'ended', 'its session is over', 0);
  delivery.addMirror('m2');
  delivery.addCard('m2');
  await delivery.untilSent();
  expect(await keys()).toEqual(['card:m1', 'card:m2']);
});

test('a message whose mirror ends while it is under way, with its answer lost, disturbs nobody', async () => {
  const { slack, delivery, keys } = await startDelivery();
  delivery.addNotice('n1');
  delivery.addNotice('n2');
  slack.proxy.decide = (method) => {
    if (method !== 'chat.postMessage') return null;
    // Meanwhile the card was deleted.
    delivery.store.outbox.deadOfMirror('m1', 'its card was deleted in Slack', 0);
    return 'lost_reply';
  };
  await delivery.untilSent();
  slack.proxy.decide = () => null;
  delivery.addMirror('m2');
  delivery.addCard('m2');
  await delivery.untilSent();
  expect(await keys()).toEqual(['card:m1', 'n1', 'card:m2']);
  expect(delivery.reported).toEqual([]);
});

test('a quote that cannot be opened is tried again with care, and its card comes', async () => {
  const { delivery, keys } = await startDelivery({ card: false });
  delivery.failToOpen(new Error('no'));
  delivery.addCard();
  await pass(delivery, 100);
  expect(delivery.reported.length).toBeLessThan(12);
  delivery.failToOpen(null);
  delivery.addNotice('n1');
  await delivery.untilSent();
  expect(await keys()).toEqual(['card:m1', 'n1']);
});

test('no channel is posted to more than once a second, nor by two processes in turn', async () => {
  const { slack, delivery } = await startDelivery({ card: false });
  const postedAt: number[] = [];
  let passed = 0;
  slack.proxy.decide = (method) => {
    if (method === 'chat.postMessage') postedAt.push(passed);
    return null;
  };
  delivery.addCard();
  for (let index = 0; index < 20; index++) delivery.addNotice(`n${index}`);
  for (; delivery.store.outbox.counts().sent < 21; passed += 100) {
    delivery.mirror.tick();
    await delivery.mirror.settled();
    if (passed % 500 === 0) delivery.restart();
    delivery.pass(100);
  }
  const pauses = postedAt.slice(1).map((at, index) => at - (postedAt[index] ?? 0));
  expect(Math.min(...pauses)).toBe(1_000);
  expect(Math.max(...pauses)).toBe(1_000);
});

test('a card that changed and changed back while the answer was lost shows what it should', async () => {
  for (const isRestarted of [false, true]) {
    const { slack, delivery, shown, updates } = await startDelivery();
    slack.proxy.fail('chat.update', 'lost_reply');
    delivery.setPeople('Rita Reed');
    await delivery.until(() => updates() === 1);
    expect(await shown()).toContain('Rita Reed');
    delivery.setPeople();
    if (isRestarted) delivery.restart();
    await delivery.until(async () => !(await shown()).includes('Rita Reed'));
    await pass(delivery, 60);
    expect(updates()).toBe(2);
  }
});

test('what changes while Slack refuses a card is shown by the next', async () => {
  const { slack, delivery, shown, updates } = await startDelivery();
  slack.proxy.decide = (method) => {
    if (method !== 'chat.update' || updates() > 0) return null;
    delivery.setTitle('Third');
    delivery.mirror.tick();
    return { error: 'msg_too_long' };
  };
  delivery.setTitle('Second');
  await delivery.until(async () => (await shown()).includes('Third'));
  await pass(delivery, 60);
  expect(updates()).toBe(2);
});

test('a session ends although Slack refuses its last card, or somebody deleted it', async () => {
  for (const error of ['msg_too_long', 'message_not_found']) {
    const { slack, delivery } = await startDelivery();
    slack.proxy.decide = (method) => (method === 'chat.update' ? { error } : null);
    delivery.endSession();
    await delivery.until(() => delivery.stored().state === 'ended');
    expect(delivery.stored().why).not.toBeNull();
  }
});

test('the last card is sent after everything that was to be told before, however often that fails', async () => {
  const { slack, delivery, shown } = await startDelivery();
  slack.proxy.fail('chat.update', 'lost_request', 'error', 'limited', 'lost_reply');
  delivery.endSession();
  await delivery.until(() => delivery.stored().state === 'ended');
  expect(await shown()).toContain('Session ended');
  expect(delivery.stored().why).toBeNull();
});

test('a session that ends while its mirror is paused is told where the channel takes it again', async () => {
  for (const isOpenAgain of [true, false]) {
    const { slack, delivery, shown } = await startDelivery();
    slack.proxy.fail('chat.update', { error: 'is_archived' });
    delivery.setTitle('Second');
    await delivery.until(() => delivery.stored().state === 'paused');
    if (!isOpenAgain) slack.proxy.decide = () => ({ error: 'is_archived' });
    delivery.endSession();
    await delivery.until(() => delivery.stored().state === 'ended');
    expect((await shown()).includes('Session ended')).toBe(isOpenAgain);
    expect(delivery.stored().why).toBe(isOpenAgain ? null : 'the channel is archived (is_archived)');
  }
});

test('a card that shows the same is not sent, nor after a restart', async () => {
  const { delivery, updates } = await startDelivery();
  delivery.setPeople('Rita Reed');
  delivery.mirror.tick();
  delivery.setPeople();
  await pass(delivery, 30);
  delivery.restart();
  await pass(delivery, 30);
  expect(updates()).toBe(0);
});

import { describe, expect, it } from 'vitest';
import type { Fault } from '../support/slack-api-proxy.ts';
import { type SlackDelivery, startSlackDelivery } from '../support/slack-delivery.ts';
import { type SlackEmulator, startSlackApi } from '../support/slack-emulator.ts';

const PASSING = [
  ...(['lost_request', 'lost_reply', 'limited', 'limited_bare', 'error', 'error_after', 'hang'] as const),
  { error: 'internal_error' },
] satisfies Fault[];
const OF_MESSAGE = [{ error: 'msg_too_long' }] satisfies Fault[];
const OF_CHANNEL = [{ error: 'channel_not_found' }, { error: 'is_archived' }] satisfies Fault[];
const OF_WORKSPACE = [{ error: 'invalid_auth' }] satisfies Fault[];
const ALL: readonly Fault[] = [...PASSING, ...OF_MESSAGE, ...OF_CHANNEL, ...OF_WORKSPACE];

/** What should come of a fault. */
type Consequence = 'passes' | 'message' | 'channel' | 'workspace';

function consequenceOf(fault: Fault): Consequence {
  if (OF_MESSAGE.some((one) => one === fault)) return 'message';
  if (OF_CHANNEL.some((one) => one === fault)) return 'channel';
  return OF_WORKSPACE.some((one) => one === fault) ? 'workspace' : 'passes';
}

const nameOf = (fault: Fault): string => (typeof fault === 'string' ? fault : fault.error);

const PEOPLE = [{ name: 'rita', real_name: 'Rita Reed', email: 'rita@acme.test' }];
const HANG_MS = 500;

interface Seen {
  isPaused: boolean;
  isStopped: boolean;
}

/** Sends everything, and notes what was refused on the way. A paused mirror is asked for by a person. */
async function sendAll(delivery: SlackDelivery): Promise<Seen> {
  const seen: Seen = { isPaused: false, isStopped: false };
  const each = (): void => {
    seen.isStopped ||= delivery.store.budgets.stop() !== null;
    const { id, state } = delivery.stored();
    if (state !== 'paused') return;
    seen.isPaused = true;
    delivery.mirror.refresh(id);
  };
  await delivery.untilSent({ each });
  return seen;
}

const keysIn = async (slack: SlackEmulator, channel: string): Promise<(string | undefined)[]> =>
  (await slack.messages(channel)).map(({ metadata }) => metadata?.event_payload.key);

function failNth(slack: SlackEmulator, method: string, nth: number, fault: Fault): void {
  let count = 0;
  slack.proxy.decide = (called) => (called === method && count++ === nth ? fault : null);
}

describe.each(['card post', 'thread post', 'direct post', 'direct open'] as const)(
  'a fault at a %s',
  (step) => {
    it.for(ALL.map((fault) => ({ name: nameOf(fault), fault })))('$name', async ({ fault }) => {
      const slack = await startSlackApi(PEOPLE);
      const channel = slack.channels['deals'] ?? '';
      const rita = slack.users['rita'] ?? '';
      const delivery = startSlackDelivery(slack, channel, fault === 'hang' ? { timeoutMs: HANG_MS } : {});
      const isDirect = step.startsWith('direct');
      const lane = isDirect ? await slack.directChannel(rita) : channel;
      const keys = isDirect ? ['d1', 'd2', 'd3', 'd4'] : ['card:m1', 'n1', 'n2', 'n3'];
      if (isDirect) for (const key of keys) delivery.addDirect(key, rita);
      else {
        delivery.addCard();
        for (const key of keys.slice(1)) delivery.addNotice(key);
      }
      const nth = step === 'card post' || step === 'direct open' ? 0 : 1;
      failNth(slack, step === 'direct open' ? 'conversations.open' : 'chat.postMessage', nth, fault);
      const seen = await sendAll(delivery);

      const consequence = consequenceOf(fault);
      const isBuried = consequence === 'message' || (isDirect && consequence === 'channel');
      const dead = isBuried ? (step === 'card post' ? keys : [keys[nth]]) : [];
      expect(await keysIn(slack, lane)).toEqual(keys.filter((key) => !dead.includes(key)));
      expect(delivery.store.outbox.counts()).toMatchObject({ sent: 4 - dead.length, dead: dead.length });
      expect(seen).toEqual({
        isPaused: consequence === 'channel' && !isDirect,
        isStopped: consequence === 'workspace',
      });
      expect(delivery.stored().state).toBe(isBuried && step === 'card post' ? 'ended' : 'live');
      expect(delivery.reported).toEqual([]);
    });
  },
);

describe.each(['a card', 'a notice', 'a direct message'] as const)('a fault when %s is looked up', (what) => {
  it.for(ALL.map((fault) => ({ name: nameOf(fault), fault })))('$name', async ({ fault }) => {
    const slack = await startSlackApi(PEOPLE);
    const channel = slack.channels['deals'] ?? '';
    const rita = slack.users['rita'] ?? '';
    const delivery = startSlackDelivery(slack, channel, fault === 'hang' ? { timeoutMs: HANG_MS } : {});
    const isDirect = what === 'a direct message';
    const lane = isDirect ? await slack.directChannel(rita) : channel;
    const keys = isDirect ? ['d1', 'd2', 'd3', 'd4'] : ['card:m1', 'n1', 'n2', 'n3'];
    if (isDirect) for (const key of keys) delivery.addDirect(key, rita);
    else {
      delivery.addCard();
      for (const key of keys.slice(1)) delivery.addNotice(key);
    }
    const [lookup, nth] = what === 'a notice' ? ['conversations.replies', 1] : ['conversations.history', 0];
    failNth(slack, 'chat.postMessage', nth, 'lost_reply');
    // Every time but the fourth.
    slack.proxy.fail(lookup, fault, fault, fault);
    const seen = await sendAll(delivery);

    const consequence = consequenceOf(fault);
    const isBuried = consequence === 'message' || (isDirect && consequence === 'channel');
    // It had arrived: what dies is the knowledge of it, and with a card its thread.
    const dead = isBuried ? (what === 'a card' ? keys : [keys[nth]]) : [];
    const isThere = (key: string, index: number): boolean => index === nth || !dead.includes(key);
    expect(await keysIn(slack, lane)).toEqual(keys.filter(isThere));
    expect(delivery.store.outbox.counts()).toMatchObject({ sent: 4 - dead.length, dead: dead.length });
    expect(seen).toEqual({
      isPaused: consequence === 'channel' && !isDirect,
      isStopped: consequence === 'workspace',
    });
    if (!isBuried) expect(slack.proxy.of(lookup)).toHaveLength(4);
  });
});

describe('a fault at an update', () => {
  it.for(ALL.map((fault) => ({ name: nameOf(fault), fault })))('$name', async ({ fault }) => {
    const slack = await startSlackApi(PEOPLE);
    const channel = slack.channels['deals'] ?? '';
    const delivery = startSlackDelivery(slack, channel, fault === 'hang' ? { timeoutMs: HANG_MS } : {});
    const shown = async (): Promise<string> => (await slack.messages(channel))[0]?.shown ?? '';
    delivery.addCard();
    delivery.setTitle('First');
    await delivery.untilSent();
    slack.proxy.fail('chat.update', fault);
    delivery.setTitle('Second');
    await delivery.until(() => slack.proxy.of('chat.update').length > 0);
    const { state } = delivery.stored();
    expect(state).toBe(consequenceOf(fault) === 'channel' ? 'paused' : 'live');
    expect(delivery.store.budgets.stop() !== null).toBe(consequenceOf(fault) === 'workspace');
    if (state === 'paused') delivery.mirror.refresh(delivery.stored().id);
    // One that Slack never takes is not tried again: the next is another.
    if (consequenceOf(fault) === 'message') delivery.setTitle('Third');
    const last = consequenceOf(fault) === 'message' ? 'Third' : 'Second';
    await delivery.until(async () => (await shown()).includes(last));
    const count = slack.proxy.of('chat.update').length;
    for (let second = 0; second < 120; second++) await delivery.until(() => (delivery.pass(500), true));
    expect(await shown()).toContain(last);
    expect(slack.proxy.of('chat.update').length).toBeLessThanOrEqual(count + 1);
  });
});

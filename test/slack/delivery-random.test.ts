import { expect, test } from 'vitest';
import type { Fault } from '../support/slack-api-proxy.ts';
import { startSlackDelivery } from '../support/slack-delivery.ts';
import { startSlackApi } from '../support/slack-emulator.ts';

const FAULTS: readonly Fault[] = [
  ...(['lost_request', 'lost_reply', 'limited', 'limited_bare', 'error', 'error_after'] as const),
  { error: 'internal_error' },
  { error: 'invalid_auth' },
];
const STEPS = 80;

/** Numbers that look random and are the same each time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed * 7_919;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function nextOf(keys: string[], letter: string): string {
  const key = `${letter}${keys.length}`;
  keys.push(key);
  return key;
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'whatever goes wrong and whenever we start anew, everything arrives once and in order (seed %i)',
  async (seed) => {
    const random = createRandom(seed);
    const slack = await startSlackApi([{ name: 'rita', real_name: 'Rita', email: 'rita@acme.test' }]);
    const channel = slack.channels['deals'] ?? '';
    const rita = slack.users['rita'] ?? '';
    const delivery = startSlackDelivery(slack, channel);
    const percent = 10 + random(30);
    slack.proxy.decide = (method) => {
      if (random(100) >= percent) return null;
      if (method === 'chat.update' && random(5) === 0) return { error: 'is_archived' };
      return FAULTS[random(FAULTS.length)] ?? null;
    };
    const resume = (): void => {
      if (delivery.stored().state === 'paused' && random(3) === 0) delivery.mirror.refresh('m1');
    };

    delivery.addCard();
    const notices = ['card:m1'];
    const direct: string[] = [];
    let title = '';
    for (let step = 0; step < STEPS; step++) {
      const what = random(10);
      if (what < 3) delivery.setTitle((title = `Title ${step};`));
      else if (what < 4) delivery.setPeople(...['Rita', 'Max'].slice(random(3)));
      else if (what < 6) delivery.addNotice(nextOf(notices, 'n'));
      else if (what < 7) delivery.addDirect(nextOf(direct, 'd'), rita);
      else if (what < 8) delivery.restart();
      await delivery.until(() => random(3) === 0, { each: resume });
    }
    slack.proxy.decide = () => null;
    delivery.setPeople('Rita');
    await delivery.untilSent({ each: resume });
    await delivery.until(
      async () => {
        const [card] = await slack.messages(channel);
        return card?.shown.includes(title) === true && card.shown.includes('Rita');
      },
      { each: resume },
    );

    const keysIn = async (lane: string): Promise<(string | undefined)[]> =>
      (await slack.messages(lane)).map(({ metadata }) => metadata?.event_payload.key);
    expect(await keysIn(channel)).toEqual(notices);
    expect(await keysIn(await slack.directChannel(rita))).toEqual(direct);
    expect(delivery.store.outbox.counts()).toMatchObject({ dead: 0 });
    expect(delivery.reported).toEqual([]);
    // One whose answer was lost may be repeated; then it is quiet.
    const anHour = async (): Promise<number> => {
      for (let minute = 0; minute < 60; minute++) await delivery.until(() => (delivery.pass(60_000), true));
      return slack.proxy.of('chat.update').length;
    };
    const sent = await anHour();
    expect(await anHour()).toBe(sent);
  },
);

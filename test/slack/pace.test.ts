import { expect, test } from 'vitest';
import { type PaceRun, type PacedUpdate, startPaceRun } from '../support/slack-pace.ts';
import { startSlackWorld } from '../support/slack-world.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const CARDS = 30;
const all = Array.from({ length: CARDS }, (_, card) => card);

/** Numbers that look random and are the same each time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const mostInAMinute = (updates: readonly PacedUpdate[]): number =>
  Math.max(
    ...updates.map(({ at: from }) => updates.filter(({ at }) => at >= from && at - from <= MINUTE_MS).length),
  );

/** The longest that a card which changes all the time was left as it was. */
function longestGap({ updates, at: end }: PaceRun, card: number): number {
  const times = [0, ...updates.filter((one) => one.card === card).map(({ at }) => at), end];
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
}

/** Everything changes each second, and somewhere somebody comes or leaves. */
function busy(run: PaceRun): () => void {
  const random = createRandom(7);
  return () => {
    if (run.at % SECOND_MS !== 0) return;
    for (const card of all) run.edit(card);
    if (random(5) === 0) run.join(random(CARDS));
  };
}

async function expectQuiet(run: PaceRun): Promise<void> {
  await run.run(2 * MINUTE_MS);
  expect(all.filter((card) => !run.isRight(card))).toEqual([]);
  const count = run.updates.length;
  await run.run(2 * MINUTE_MS);
  expect(run.updates).toHaveLength(count);
}

test('thirty cards that change each second stay below Slack’s limit, and each has its turn', async () => {
  const run = startPaceRun(CARDS);
  await run.run(10 * MINUTE_MS, busy(run));
  expect(mostInAMinute(run.updates)).toBeLessThanOrEqual(50);
  // Nor is anything of it left unused.
  expect(run.updates.length).toBeGreaterThan(9 * 44);
  expect(Math.max(...all.map((card) => longestGap(run, card)))).toBeLessThan(75 * SECOND_MS);
  await expectQuiet(run);
});

test('where people come and go all the time, the others have their turn too', async () => {
  const run = startPaceRun(CARDS);
  await run.run(10 * MINUTE_MS, () => {
    if (run.at % SECOND_MS !== 0) return;
    for (const card of all) run.edit(card);
    for (const card of [0, 1]) run.join(card);
  });
  expect(mostInAMinute(run.updates)).toBeLessThanOrEqual(50);
  expect(Math.max(...all.map((card) => longestGap(run, card)))).toBeLessThan(150 * SECOND_MS);
  await expectQuiet(run);
});

test('processes that start over and over do not use more between them', async () => {
  const run = startPaceRun(CARDS);
  const change = busy(run);
  await run.run(5 * MINUTE_MS, () => {
    change();
    if (run.at % (7 * SECOND_MS) === 0) run.restart();
  });
  expect(mostInAMinute(run.updates)).toBeLessThanOrEqual(50);
  expect(Math.max(...all.map((card) => longestGap(run, card)))).toBeLessThan(100 * SECOND_MS);
  await expectQuiet(run);
});

test('where Slack asks for twenty seconds, nothing is sent for twenty seconds, and then everything', async () => {
  const run = startPaceRun(CARDS);
  const change = busy(run);
  await run.run(MINUTE_MS, change);
  run.answerNext({ kind: 'limited', waitMs: 20 * SECOND_MS });
  await run.run(MINUTE_MS, () => {
    change();
    // Nor does another process forget it.
    if (run.at % (5 * SECOND_MS) === 0) run.restart();
  });
  const limitedAt = run.updates.find(({ isTaken }) => !isTaken)?.at ?? 0;
  const after = run.updates.filter(({ at }) => at > limitedAt).map(({ at }) => at - limitedAt);
  expect(limitedAt).toBeGreaterThan(0);
  expect(Math.min(...after)).toBeGreaterThanOrEqual(20 * SECOND_MS);
  expect(Math.min(...after)).toBeLessThan(23 * SECOND_MS);
  await expectQuiet(run);
});

test('of one card, an edit shows within three seconds, and who comes or leaves within one', async () => {
  const run = startPaceRun(1);
  const random = createRandom(3);
  const wanted: { at: number; isShown: (update: PacedUpdate) => boolean; withinMs: number }[] = [];
  let [revision, people, editAt, joinAt] = [1, 1, 5_000, 9_000];
  await run.run(10 * MINUTE_MS, () => {
    const { at } = run;
    if (at >= editAt) {
      run.edit(0);
      const now = ++revision;
      wanted.push({ at, isShown: (one) => one.revision >= now, withinMs: 3 * SECOND_MS });
      editAt = at + random(20) * 250;
    }
    if (at >= joinAt) {
      run.join(0);
      const now = (people = people === 1 ? 2 : 1);
      wanted.push({ at, isShown: (one) => one.people === now, withinMs: SECOND_MS });
      joinAt = at + 6 * SECOND_MS + random(40) * 250;
    }
  });
  await run.run(5 * SECOND_MS);
  expect(wanted.length).toBeGreaterThan(200);
  const late = wanted.filter(
    ({ at, isShown, withinMs }) =>
      !run.updates.some((update) => update.at >= at && update.at - at <= withinMs && isShown(update)),
  );
  expect(late).toEqual([]);
  expect(mostInAMinute(run.updates)).toBeLessThanOrEqual(50);
});

test('sixty edits of three people in three seconds are a few updates of the card and three notices', async () => {
  const world = await startSlackWorld();
  const quote = await world.createQuote('q-acme');
  await world.command('max', `share ${quote}`);
  const clients = await Promise.all(
    (['rita', 'alice', 'max'] as const).map((person) => world.connect(person, quote)),
  );
  const [rita, alice, max] = clients;
  await world.eventually(async () => {
    const { shown } = await world.card();
    for (const name of ['Rita Reed', 'Alice Ames', 'Max Moor']) expect(shown).toContain(name);
  });
  const before = world.proxy.of('chat.update').length;
  const startedAt = Date.now();
  for (let round = 1; round <= 20; round++) {
    rita?.set({ 'lineItems/l1/quantity': String(100 + round) });
    alice?.set({ 'lineItems/l2/quantity': String(round) });
    max?.set({ 'fields/customer': `ACME ${round}` });
    await rita?.untilCell('fields/customer', `ACME ${round}`);
  }
  const tookMs = Date.now() - startedAt;
  // 120 * 100 + 20 * 100
  await world.eventually(async () => {
    const { shown } = await world.card();
    expect(shown).toContain('14,000.00 EUR');
    expect(shown).toContain('ACME 20');
  });
  // A slow machine takes longer for it; then there may be one more every two seconds.
  const most = 6 + Math.floor(tookMs / 2_000);
  expect(world.proxy.of('chat.update').length - before).toBeLessThanOrEqual(most);
  expect(await world.thread()).toEqual([]);
  world.pass(20_000);
  await world.eventually(async () => expect(await world.thread()).toHaveLength(3));
  world.pass(60_000);
  await world.command('max', 'list');
  const notices = await world.thread();
  expect(notices).toHaveLength(3);
  for (const name of ['Rita Reed', 'Alice Ames', 'Max Moor'])
    expect(notices.filter((text) => text.startsWith(`${name}:`))).toHaveLength(1);
});

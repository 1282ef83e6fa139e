import { expect, test } from 'vitest';
import { ApiError } from '../../../src/web/api/api.ts';
import type { HistoryAddress } from '../../../src/web/history/history-address.ts';
import { openHistory } from '../../../src/web/history/history-store.ts';
import type { HistorySource } from '../../../src/web/history/load-history.ts';
import { newestOf } from '../../../src/web/history/timeline.ts';
import { quoteJson } from '../../../src/wire/quote-json.ts';
import { diffOf } from './build-diff.ts';
import { timelineOf } from './build-timeline.ts';

const NOTHING = { fields: {}, lineItems: [], discounts: [], notes: [] };

/** A quote with such a log, whose clock stands until it is told to go on. */
async function openWith(entries: string, address: Partial<HistoryAddress> = {}) {
  let log = entries;
  let problem: Error | null = null;
  let waiting: (() => void) | null = null;
  const source: HistorySource = {
    timeline: async () => (problem === null ? timelineOf(log) : Promise.reject(problem)),
    frame: async ({ at, from }) => ({
      at,
      from,
      quote: quoteJson({ id: 'q-1', revision: at }, NOTHING),
      diff: diffOf({ from, to: at }),
    }),
    entries: async () => [],
    search: async () => ({ entries: [] }),
  };
  const later = (_ms: number, run: () => void) => {
    waiting = run;
    return () => {
      if (waiting === run) waiting = null;
    };
  };
  const history = await openHistory(
    { source, later },
    { at: null, from: null, ...address },
    new AbortController().signal,
  );
  return {
    history,
    view: history.view,
    grow: (more: string) => (log += more),
    fail: (error: Error | null) => (problem = error),
    /** Where it is, what it is compared with, and what is to be seen. */
    place: () => [history.view().at, history.view().from, history.view().frame.at],
    async inSight() {
      await expect.poll(() => history.view().isInSight).toBe(true);
    },
    isWaiting: () => waiting !== null,
    tick() {
      const run = waiting;
      waiting = null;
      run?.();
    },
  };
}

test('it opens at the newest entry, or where the address says', async () => {
  expect((await openWith('drrd')).place()).toEqual([4, null, 4]);
  expect((await openWith('drrd', { at: 2 })).place()).toEqual([2, null, 2]);
  expect((await openWith('drrd', { at: 4, from: 2 })).place()).toEqual([4, 2, 4]);
  expect((await openWith('drrd', { at: 2, from: 4 })).place()).toEqual([4, 2, 4]);
});

test('an entry that is not there yet leads to the newest, and says so until the point is moved', async () => {
  const { view, history } = await openWith('drrd', { at: 99 });
  expect([view().at, view().missing]).toEqual([4, 99]);
  history.goTo(3);
  expect(view().missing).toBeNull();
});

test('what is new comes at the end, and the point stays', async () => {
  const { history, view, place, grow } = await openWith('drrd');
  grow('rrr');
  await history.refresh();
  expect(newestOf(view().timeline)).toBe(7);
  expect(place()).toEqual([4, null, 4]);
});

test('a moved point comes into sight', async () => {
  const { history, view, place, inSight } = await openWith('drrd');
  history.goTo(2);
  expect([view().at, view().isInSight]).toEqual([2, false]);
  await inSight();
  expect(place()).toEqual([2, null, 2]);
});

test('two points are compared in either order, until it ends', async () => {
  const { history, place, inSight } = await openWith('drrd');
  history.compare({ from: 2 });
  await inSight();
  expect(place()).toEqual([4, 2, 4]);
  history.compare({ from: 3, at: 1 });
  await inSight();
  expect(place()).toEqual([3, 1, 3]);
  history.compare({ from: null });
  expect(history.view().from).toBeNull();
});

test('it plays to the end, a step at a time, and a hand on the slider stops it', async () => {
  const { history, view, inSight, tick, isWaiting } = await openWith('drrdr', { at: 1 });
  history.play({ kind: 'toggle' });
  for (const at of [2, 3]) {
    tick();
    await inSight();
    expect(view().at).toBe(at);
  }
  history.goTo(1);
  expect([view().player.kind, isWaiting()]).toEqual(['paused', false]);
  history.play({ kind: 'toggle' });
  for (let step = 0; step < 4; step++) {
    await inSight();
    tick();
  }
  expect([view().at, view().player.kind, isWaiting()]).toEqual([5, 'paused', false]);
});

test('a lost connection is told, and forgotten when it is back', async () => {
  const { history, view, fail } = await openWith('drr');
  fail(new ApiError({ status: 0, code: 'unreachable', message: 'The server cannot be reached.' }));
  await history.refresh();
  expect(view().problem).toMatchObject({ message: 'The server cannot be reached.' });
  fail(null);
  await history.refresh();
  expect(view().problem).toBeNull();
});

test('after closing it no longer plays', async () => {
  const { history, isWaiting } = await openWith('drrd', { at: 1 });
  history.play({ kind: 'toggle' });
  history.close();
  expect(isWaiting()).toBe(false);
});

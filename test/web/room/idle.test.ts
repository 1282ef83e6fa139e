import { expect, it } from 'vitest';
import { type IdleStatus, createIdle } from '../../../src/web/room/idle.ts';

const MINUTE = 60_000;

/** A clock that is moved by hand, and the statuses that were told. */
function openIdle() {
  let now = 0;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  const told: IdleStatus[] = [];
  const idle = createIdle({
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    onChange: (status) => told.push(status),
  });
  return {
    idle,
    told,
    timers: () => timers.length,
    advance(ms: number) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        now = next.at;
        next.callback();
      }
      now = end;
    },
  };
}

it('is idle after two minutes without input, and away after five', () => {
  const { told, advance } = openIdle();
  advance(2 * MINUTE - 1);
  expect(told).toEqual([]);
  advance(1);
  expect(told).toEqual(['idle']);
  advance(3 * MINUTE - 1);
  expect(told).toEqual(['idle']);
  advance(1);
  expect(told).toEqual(['idle', 'away']);
});

it('counts from the last input, with one timer however much there is', () => {
  const { idle, told, advance, timers } = openIdle();
  for (let second = 0; second < 90; second += 1) {
    advance(1_000);
    idle.input();
  }
  expect(timers()).toBe(1);
  advance(2 * MINUTE - 1);
  expect(told).toEqual([]);
  advance(1);
  expect(told).toEqual(['idle']);
});

it.each([3 * MINUTE, 60 * MINUTE])('is back at the next input after %d ms, and starts anew', (quiet) => {
  const { idle, told, advance, timers } = openIdle();
  advance(quiet);
  idle.input();
  expect(told.at(-1)).toBeNull();
  expect(timers()).toBe(1);
  advance(2 * MINUTE);
  expect(told.at(-1)).toBe('idle');
});

it('tells nothing once it is closed', () => {
  const { idle, told, advance } = openIdle();
  idle.close();
  advance(60 * MINUTE);
  expect(told).toEqual([]);
});

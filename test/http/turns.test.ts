import { expect, test } from 'vitest';
import { createTurns } from '../../src/http/turns.ts';
import type { UserId } from '../../src/lib/ids.ts';

const [ann, bob] = ['ann', 'bob'] as UserId[] as [UserId, UserId];

function scene(bounds: Parameters<typeof createTurns>[0]) {
  const turns = createTurns(bounds);
  const ends: (() => void)[] = [];
  const told: string[] = [];
  const ask = (name: string, who?: UserId): Promise<void> =>
    turns
      .run(() => new Promise<void>((resolve) => void ends.push(resolve)), who)
      .then(
        () => void told.push(name),
        (error: unknown) => {
          const status = error instanceof Error && 'status' in error ? String(error.status) : String(error);
          told.push(`${name} ${status}`);
        },
      );
  return { ask, ends, told };
}

test('so many run, so many wait, the rest is turned away; places are handed on', async () => {
  const { ask, ends, told } = scene({ atOnce: 1, waitingMax: 1 });
  const first = ask('first');
  const second = ask('second');
  await ask('third');
  expect([ends.length, told]).toEqual([1, ['third 503']]);
  ends[0]?.();
  await first;
  ends[1]?.();
  await second;
  expect(told).toEqual(['third 503', 'first', 'second']);
});

test('nobody takes all places alone, and has theirs back when something ends', async () => {
  const { ask, ends, told } = scene({ atOnce: 1, waitingMax: 8, ofPersonMax: 2 });
  const running = ask('ann 1', ann);
  void ask('ann 2', ann);
  await ask('ann 3', ann);
  expect(told).toEqual(['ann 3 429']);
  void ask('bob 1', bob);
  ends[0]?.();
  await running;
  void ask('ann 4', ann);
  await Promise.resolve();
  expect(told).toEqual(['ann 3 429', 'ann 1']);
});

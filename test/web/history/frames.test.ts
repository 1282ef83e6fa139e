import { expect, test } from 'vitest';
import { type Frame, type FrameKey, createFrames } from '../../../src/web/history/frames.ts';

/** A server that answers when it is told to. */
function slowServer() {
  const asked: { key: FrameKey; answer: () => Promise<void>; fail: () => Promise<void> }[] = [];
  const shown: number[] = [];
  const failures: unknown[] = [];
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  const frames = createFrames({
    load: (key) =>
      new Promise((resolve, reject) => {
        asked.push({
          key,
          answer: () => (resolve({ ...key } as Frame), settled()),
          fail: () => (reject(new Error('no network')), settled()),
        });
      }),
    onFrame: ({ at }) => shown.push(at),
    onFailed: (error) => failures.push(error),
  });
  const want = (at: number, neighbours: readonly number[] = []): void =>
    frames.want(
      { at, from: at - 1 },
      neighbours.map((seq) => ({ at: seq, from: seq - 1 })),
    );
  const last = () => asked.at(-1) ?? expect.fail('nothing was asked');
  return { frames, asked, shown, failures, want, last };
}

test('one at a time, and of all that was wanted meanwhile only the newest', async () => {
  const { asked, shown, want, last } = slowServer();
  for (const at of [1, 2, 3, 4, 5]) want(at);
  expect(asked.map(({ key }) => key.at)).toEqual([1]);
  await last().answer();
  expect(asked.map(({ key }) => key.at)).toEqual([1, 5]);
  await last().answer();
  expect(shown).toEqual([1, 5]);
});

test('what was seen is shown at once', async () => {
  const { asked, shown, want, last } = slowServer();
  want(1);
  await last().answer();
  want(2);
  await last().answer();
  want(1);
  expect(shown).toEqual([1, 2, 1]);
  expect(asked).toHaveLength(2);
});

test('neighbours are fetched ahead, and not shown', async () => {
  const { asked, shown, want, last } = slowServer();
  want(5, [6, 4]);
  for (let answer = 0; answer < 3; answer++) await last().answer();
  expect(asked.map(({ key }) => key.at)).toEqual([5, 6, 4]);
  expect(shown).toEqual([5]);
  want(6);
  expect(shown).toEqual([5, 6]);
});

test('what failed is told, and asked for again', async () => {
  const { frames, asked, shown, failures, want, last } = slowServer();
  want(3);
  await last().fail();
  expect(failures).toHaveLength(1);
  frames.retry();
  await last().answer();
  expect(asked).toHaveLength(2);
  expect(shown).toEqual([3]);
});

test('a newer wish goes on where an older one failed', async () => {
  const { shown, failures, want, last } = slowServer();
  want(3);
  want(4);
  await last().fail();
  await last().answer();
  expect([shown, failures]).toEqual([[4], []]);
});

test('after closing nothing is shown', async () => {
  const { frames, shown, want, last } = slowServer();
  want(3);
  frames.close();
  await last().answer();
  expect(shown).toEqual([]);
});

import { expect, test } from 'vitest';
import { createFrameLedger } from '../../src/room/frame-ledger.ts';

test('[R17] a frame is settled when the revision that it was judged at is durable, and counts once', () => {
  const frames = createFrameLedger();
  expect(frames.settleUpTo(9)).toBeNull();
  for (const revision of [3, 3, 4]) frames.judged(revision);
  expect(frames.settleUpTo(2)).toBeNull();
  expect(frames.settleUpTo(3)).toBe(2);
  expect(frames.settleUpTo(3)).toBeNull();
  expect(frames.settleUpTo(5)).toBe(3);
});

test('[R16] a frame beyond a gap holds up all after it, until a step 2 heals it', () => {
  const frames = createFrameLedger();
  frames.judged(1);
  frames.gap();
  frames.judged(2);
  expect(frames.hasGap).toBe(true);
  expect(frames.settleUpTo(9)).toBe(1);
  frames.heal(3);
  expect(frames.hasGap).toBe(false);
  // What came after the gap was judged before it was healed, and is not settled before it.
  expect(frames.settleUpTo(2)).toBeNull();
  expect(frames.settleUpTo(3)).toBe(3);
});

test('[R16] a second gap waits for a step 2 of its own', () => {
  const frames = createFrameLedger();
  frames.gap();
  frames.heal(1);
  frames.gap();
  expect([frames.hasGap, frames.settleUpTo(9)]).toEqual([true, 1]);
  frames.heal(2);
  expect([frames.hasGap, frames.settleUpTo(9)]).toEqual([false, 2]);
});

test('[R16] it is full with 10,000 frames that wait, and not with those that are settled', () => {
  const frames = createFrameLedger();
  for (let count = 0; count < 10_000; count++) frames.judged(1);
  expect(frames.isFull).toBe(true);
  frames.settleUpTo(1);
  expect(frames.isFull).toBe(false);
});

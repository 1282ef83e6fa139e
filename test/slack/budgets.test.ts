import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bucket,
  POST_RATE,
  type Rate,
  STATUS_RATE,
  UPDATE_RATE,
  hold,
  takeToken,
} from '../../src/slack/budgets.ts';

const MINUTE_MS = 60_000;
const NOW = Date.parse('2026-03-05T14:00:00Z');

const rates = fc.constantFrom<Rate>(UPDATE_RATE, POST_RATE, STATUS_RATE, { burst: 2, perMinute: 7 });

/** What happens to a bucket: time passes, its clock is put back, Slack asks to wait, or somebody wants so many. */
type Step =
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'putBack'; readonly ms: number }
  | { readonly kind: 'hold'; readonly ms: number }
  | { readonly kind: 'take'; readonly count: number };

const ms = fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 3_000 }), fc.nat({ max: 5 * MINUTE_MS }));
const take = fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 80 }) });
const pass = fc.record({ kind: fc.constant('pass' as const), ms });
/** Up to 60 of them. `putBackMs`: by how much a clock may be put back at once. */
const stepsWith = (putBackMs: fc.Arbitrary<number>): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof<fc.WeightedArbitrary<Step>[]>(
      { weight: 5, arbitrary: take },
      { weight: 5, arbitrary: pass },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('putBack' as const), ms: putBackMs }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const), ms }) },
    ),
    { maxLength: 60 },
  );

interface Run {
  readonly bucket: Bucket | null;
  /** The bucket's clock. */
  readonly at: number;
  /** In true time, which never runs back. */
  readonly taken: readonly number[];
}

/** Plays the steps; between any two the process starts anew. */
function play(rate: Rate, todo: readonly Step[]): Run {
  let bucket: Bucket | null = null;
  let [real, at] = [NOW, NOW];
  const taken: number[] = [];
  for (const step of todo) {
    if (step.kind === 'pass') [real, at] = [real + step.ms, at + step.ms];
    else if (step.kind === 'putBack') at -= step.ms;
    else if (step.kind === 'hold') bucket = hold(bucket, at + step.ms, at);
    else {
      for (let wanted = step.count; wanted > 0; wanted--) {
        const result = takeToken(bucket, rate, at);
        if (result.kind === 'wait') break;
        bucket = result.bucket;
        taken.push(real);
      }
    }
    bucket = JSON.parse(JSON.stringify(bucket)) as Bucket | null;
  }
  return { bucket, at, taken };
}

function mostInAMinute(taken: readonly number[]): number {
  const inWindow = taken.map(
    (from, index) => taken.slice(index).filter((at) => at - from <= MINUTE_MS).length,
  );
  return Math.max(0, ...inWindow);
}

describe('what may be sent', () => {
  it('is never more in a minute than the rate and the burst, whatever happens', () => {
    fc.assert(
      fc.property(rates, stepsWith(fc.nat({ max: MINUTE_MS / 60 })), (rate, todo) => {
        expect(mostInAMinute(play(rate, todo).taken)).toBeLessThanOrEqual(rate.burst + rate.perMinute);
      }),
      { numRuns: 300 },
    );
  });

  it('is there after the wait that was told, and that wait is no longer than it has to be', () => {
    fc.assert(
      fc.property(rates, stepsWith(ms), (rate, todo) => {
        const { bucket, at } = play(rate, todo);
        const result = takeToken(bucket, rate, at);
        if (result.kind === 'taken') return;
        expect(takeToken(bucket, rate, result.until).kind).toBe('taken');
        expect(takeToken(bucket, rate, result.until - 1).kind).toBe('wait');
        const heldMs = todo.reduce(
          (most, step) => (step.kind === 'hold' ? Math.max(most, step.ms) : most),
          0,
        );
        const oneMs = Math.ceil(MINUTE_MS / rate.perMinute);
        // A clock that ran back a little has to catch up first.
        expect(result.until - at).toBeLessThanOrEqual(Math.max(heldMs, oneMs) + MINUTE_MS);
      }),
      { numRuns: 300 },
    );
  });

  it('is all that the rate has, for who always takes what is there', () => {
    let bucket: Bucket | null = null;
    let [at, taken] = [NOW, 0];
    while (at < NOW + 10 * MINUTE_MS) {
      const result = takeToken(bucket, UPDATE_RATE, at);
      if (result.kind === 'wait') at = result.until;
      else [bucket, taken] = [result.bucket, taken + 1];
    }
    // Waiting is in whole milliseconds.
    expect(taken).toBeGreaterThanOrEqual(UPDATE_RATE.burst + UPDATE_RATE.perMinute * 10 - 2);
  });

  it('is a burst after a pause, and no more', () => {
    const after = play(UPDATE_RATE, [
      { kind: 'take', count: 80 },
      { kind: 'pass', ms: 60 * MINUTE_MS },
      { kind: 'take', count: 80 },
    ]);
    expect(after.taken).toHaveLength(2 * UPDATE_RATE.burst);
  });

  it("stays within Slack's own count", () => {
    expect(UPDATE_RATE.burst + UPDATE_RATE.perMinute).toBeLessThanOrEqual(50);
    expect(POST_RATE).toEqual({ burst: 1, perMinute: 60 });
  });
});

describe('where Slack asks to wait', () => {
  it('nothing is taken before then', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 10 * MINUTE_MS }), fc.nat(), (rate, waitMs, passedMs) => {
        const held = hold(null, NOW + waitMs, NOW);
        const result = takeToken(held, rate, NOW + (passedMs % waitMs));
        expect(result.kind).toBe('wait');
        if (result.kind === 'wait') expect(result.until).toBeGreaterThanOrEqual(NOW + waitMs);
      }),
    );
  });

  it('the longest wait counts', () => {
    const held = hold(hold(null, NOW + 90_000, NOW), NOW + 30_000, NOW + 1_000);
    expect(takeToken(held, UPDATE_RATE, NOW + 40_000)).toEqual({ kind: 'wait', until: NOW + 90_000 });
    expect(takeToken(held, UPDATE_RATE, NOW + 90_000).kind).toBe('taken');
  });

  it('what was saved up is gone', () => {
    const held = hold(null, NOW + 1, NOW);
    expect(takeToken(held, POST_RATE, NOW + 1)).toEqual({ kind: 'wait', until: NOW + 1_000 });
  });
});

describe('a clock that is put back', () => {
  const emptied = play(UPDATE_RATE, [{ kind: 'take', count: 80 }]).bucket;

  it('gives nothing until it has caught up', () => {
    expect(takeToken(emptied, UPDATE_RATE, NOW - 30_000)).toEqual({ kind: 'wait', until: NOW + 1_334 });
    expect(takeToken(emptied, UPDATE_RATE, NOW + 1_334).kind).toBe('taken');
  });

  it('gives nothing either where it goes to and fro', () => {
    const to = hold(emptied, NOW - 20_000, NOW - 20_000);
    expect(takeToken(to, UPDATE_RATE, NOW).kind).toBe('wait');
  });

  it('does not keep anybody waiting for a day where it had been wrong by one', () => {
    const yesterday = NOW - 24 * 60 * MINUTE_MS;
    const first = takeToken(hold(emptied, NOW + MINUTE_MS, NOW), UPDATE_RATE, yesterday);
    expect(first).toEqual({ kind: 'taken', bucket: { tokens: 0, at: yesterday, heldUntil: 0 } });
    const next = first.kind === 'taken' ? takeToken(first.bucket, UPDATE_RATE, yesterday) : first;
    expect(next).toEqual({ kind: 'wait', until: yesterday + 1_334 });
  });

  it('forgets a wait that was told by the wrong one', () => {
    const yesterday = NOW - 24 * 60 * MINUTE_MS;
    const held = hold(hold(null, NOW + MINUTE_MS, NOW), yesterday + 5_000, yesterday);
    expect(takeToken(held, UPDATE_RATE, yesterday + 5_000).kind).toBe('taken');
  });
});

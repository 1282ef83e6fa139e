import { expect, test } from 'vitest';
import { type EventStream, followQuotes } from '../../../src/web/quotes/follow-quotes.ts';
import { listed } from './listed.ts';

function createSource() {
  const streams: (EventStream & { readyState: number; emit(kind: string, data?: unknown): void })[] = [];
  const timers: { ms: number; run: () => void; isOff: boolean }[] = [];
  const told: unknown[] = [];
  const stop = followQuotes('a token/+', {
    open(url) {
      told.push(url);
      const listeners: [string, (event: { data?: unknown }) => void][] = [];
      const stream = {
        readyState: 1,
        addEventListener: (kind: string, listener: (event: { data?: unknown }) => void) =>
          void listeners.push([kind, listener]),
        emit(kind: string, data?: unknown) {
          for (const [of, listener] of listeners) if (of === kind) listener({ data });
        },
        close() {
          stream.readyState = 2;
        },
      };
      streams.push(stream);
      return stream;
    },
    later(ms, run) {
      const timer = { ms, run, isOff: false };
      timers.push(timer);
      return () => {
        timer.isOff = true;
      };
    },
    onRows: (live) => told.push(live),
    onGap: () => told.push('gap'),
  });
  return { streams, timers, told, stop };
}

test('tells rows, and nothing of what it does not understand', () => {
  const { streams, told } = createSource();
  streams[0]?.emit('open');
  streams[0]?.emit('change', JSON.stringify({ quotes: [listed('a', 1)] }));
  streams[0]?.emit('change', 'no json');
  streams[0]?.emit('snapshot', JSON.stringify({ quotes: [{ id: 1 }] }));
  expect(told).toEqual(['/api/events?token=a%20token%2F%2B', { kind: 'change', quotes: [listed('a', 1)] }]);
});

test('a stream that the browser opened anew left a gap', () => {
  const { streams, told } = createSource();
  streams[0]?.emit('open');
  streams[0]?.emit('open');
  expect(told).toContain('gap');
});

test('where the server turned it down it asks again, later each time, until it is stopped', () => {
  const { streams, timers, stop } = createSource();
  for (const ms of [2_000, 4_000, 8_000]) {
    const stream = streams.at(-1);
    stream?.close();
    stream?.emit('error');
    expect(timers.at(-1)?.ms).toBe(ms);
    timers.at(-1)?.run();
  }
  streams.at(-1)?.close();
  streams.at(-1)?.emit('error');
  stop();
  expect(timers.at(-1)?.isOff).toBe(true);
});

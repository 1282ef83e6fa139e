import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { LoggedEntry } from '../../../../src/wire/http-schemas.ts';
import type { ActivityEntry } from '../../../../src/web/room/activity.ts';
import { createFeed } from '../../../../src/web/room/panel/feed.ts';
import { type LogRange, missingRange } from '../../../../src/web/room/panel/missing-range.ts';

const logged = (seq: number): LoggedEntry => ({
  seq,
  at: seq,
  user: 'ada',
  name: 'Ada',
  role: 'sales_rep',
  permission: 'editor',
  session: null,
  origin: 'browser',
  hash: '',
  writes: [],
});

const live = (seq: number, more: Partial<ActivityEntry> = {}): ActivityEntry => ({
  seq,
  at: seq,
  user: { id: 'ada', name: 'Ada', role: 'sales_rep' },
  origin: 'browser',
  writes: [],
  ...more,
});

/** A quote with a log, whose newest entries may also be told live. */
function openFeed({ revision }: { readonly revision: number }) {
  const listeners = new Set<() => void>();
  const asked: LogRange[] = [];
  let newest = revision;
  let entries: readonly ActivityEntry[] = [];
  let isDown = false;
  const call = (): void => {
    for (const listener of listeners) listener();
  };
  const feed = createFeed({
    activity: {
      entries: () => entries,
      newest: () => newest,
      observe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    async readLog(range) {
      asked.push(range);
      await Promise.resolve();
      if (isDown) throw new Error('The server cannot be reached.');
      return Array.from({ length: range.limit }, (_, at) => logged(range.after + 1 + at));
    },
  });
  feed.observe(() => undefined);
  return {
    feed,
    asked,
    seqs: () => feed.state().entries.map(({ seq }) => seq),
    settled: () => vi.waitUntil(() => !feed.state().isLoading),
    tell(entry: ActivityEntry) {
      newest = entry.seq;
      entries = [entry, ...entries];
      call();
    },
    reconnect(to: number) {
      newest = to;
      call();
    },
    setDown(down: boolean) {
      isDown = down;
    },
  };
}

const countDown = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, at) => from - at);

describe('createFeed', () => {
  it('shows the newest fifty, and goes back by steps to the first', async () => {
    const { feed, seqs, settled } = openFeed({ revision: 120 });
    await settled();
    expect(seqs()).toEqual(countDown(120, 71));
    feed.showEarlier();
    await settled();
    expect(seqs()).toEqual(countDown(120, 21));
    expect(feed.state().hasEarlier).toBe(true);
    feed.showEarlier();
    await settled();
    expect(seqs()).toEqual(countDown(120, 1));
    expect(feed.state().hasEarlier).toBe(false);
  });

  it('takes what is told live without asking the log for it', async () => {
    const { asked, seqs, settled, tell } = openFeed({ revision: 2 });
    await settled();
    tell(live(3));
    await settled();
    expect(seqs()).toEqual([3, 2, 1]);
    expect(asked).toEqual([{ after: 0, limit: 2 }]);
  });

  it('asks the log for an entry that was told without its writes', async () => {
    const { asked, seqs, settled, tell } = openFeed({ revision: 1 });
    await settled();
    tell(live(2, { writeCount: 4_000 }));
    await settled();
    expect(seqs()).toEqual([2, 1]);
    expect(asked.at(-1)).toEqual({ after: 1, limit: 1 });
  });

  it('fills the hole that a lost connection left', async () => {
    const { seqs, settled, reconnect, tell } = openFeed({ revision: 3 });
    await settled();
    reconnect(8);
    tell(live(9));
    await settled();
    expect(seqs()).toEqual(countDown(9, 1));
  });

  it('lets the oldest go while more comes, unless the reader went back', async () => {
    const { feed, seqs, settled, tell } = openFeed({ revision: 100 });
    await settled();
    for (const seq of countDown(160, 101).toReversed()) tell(live(seq));
    await settled();
    expect(seqs()).toEqual(countDown(160, 61));
    feed.showEarlier();
    await settled();
    tell(live(161));
    await settled();
    expect(seqs()).toEqual(countDown(161, 11));
  });

  it('says what went wrong, and tries again when asked', async () => {
    const { feed, seqs, settled, setDown } = openFeed({ revision: 2 });
    setDown(true);
    await settled();
    expect(feed.state().problem).toBe('The server cannot be reached.');
    setDown(false);
    feed.retry();
    await settled();
    expect(seqs()).toEqual([2, 1]);
    expect(feed.state().problem).toBeNull();
  });
});

describe('missingRange', () => {
  it('asks for each missing entry once, in pages, and for nothing that is there', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 400 })),
        (newest, held) => {
          const known = new Set(held);
          const asked: number[] = [];
          for (;;) {
            const range = missingRange((seq) => known.has(seq), { first: 1, newest });
            if (range === null) break;
            expect(range.limit).toBeLessThanOrEqual(100);
            for (let seq = range.after + 1; seq <= range.after + range.limit; seq += 1) {
              expect(known.has(seq)).toBe(false);
              known.add(seq);
              asked.push(seq);
            }
          }
          for (let seq = 1; seq <= newest; seq += 1) expect(known.has(seq)).toBe(true);
          expect(asked.every((seq) => seq <= newest)).toBe(true);
        },
      ),
    );
  });
});

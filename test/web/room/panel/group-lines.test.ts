import { describe, expect, it } from 'vitest';
import { filterFeed } from '../../../../src/web/room/panel/feed-filter.ts';
import type { FeedLine } from '../../../../src/web/room/panel/feed-line.ts';
import { groupLines } from '../../../../src/web/room/panel/group-lines.ts';

const MINUTE = 60_000;

const entry = (seq: number, user: string, minute: number) => ({
  seq,
  at: minute * MINUTE,
  user: { id: user, name: user, role: 'sales_rep' as const },
  origin: 'browser' as const,
  writes: [],
  notes: [],
});

const line = (text: string, more: Partial<FeedLine> = {}): FeedLine => ({
  key: text,
  kind: 'done',
  text,
  cell: `fields/${text}`,
  ...more,
});

describe('groupLines', () => {
  it('gathers what one person did without a pause, and parts what others did in between', () => {
    const groups = groupLines([
      { entry: entry(5, 'ada', 10), lines: [line('e')] },
      { entry: entry(4, 'bob', 9), lines: [line('d')] },
      { entry: entry(3, 'ada', 8), lines: [line('c')] },
      { entry: entry(2, 'ada', 7), lines: [line('b')] },
      { entry: entry(1, 'ada', 1), lines: [line('a')] },
    ]);
    expect(groups.map(({ user, lines }) => [user.id, ...lines.map(({ text }) => text)])).toEqual([
      ['ada', 'e'],
      ['bob', 'd'],
      ['ada', 'c', 'b'],
      ['ada', 'a'],
    ]);
  });

  it('makes one change of several to the same cell, from the first value to the last', () => {
    const [group] = groupLines([
      { entry: entry(3, 'ada', 1), lines: [line('title', { change: { before: 'B', after: 'C' } })] },
      { entry: entry(2, 'ada', 1), lines: [line('title', { change: { before: 'A', after: 'B' } })] },
    ]);
    expect(group?.lines.map(({ change }) => change)).toEqual([{ before: 'A', after: 'C' }]);
  });

  it('tells both ways of a change that was taken back', () => {
    const [group] = groupLines([
      { entry: entry(3, 'ada', 1), lines: [line('title', { change: { before: 'B', after: 'A' } })] },
      { entry: entry(2, 'ada', 1), lines: [line('title', { change: { before: 'A', after: 'B' } })] },
    ]);
    expect(group?.lines.map(({ change }) => change?.after)).toEqual(['A', 'B']);
  });

  it('makes one line of typing in one note, and keeps refusals apart', () => {
    const [group] = groupLines([
      { entry: entry(4, 'ada', 1), lines: [line('note')] },
      { entry: entry(3, 'ada', 1), lines: [line('note')] },
      { entry: entry(2, 'ada', 1), lines: [line('note', { kind: 'refused' })] },
      { entry: entry(1, 'ada', 1), lines: [line('note', { kind: 'refused' })] },
    ]);
    expect(group?.lines.map(({ kind }) => kind)).toEqual(['done', 'refused', 'refused']);
  });

  it('keeps the key of a group while more of it comes', () => {
    const before = [{ entry: entry(1, 'ada', 1), lines: [line('a')] }];
    const after = [{ entry: entry(2, 'ada', 1), lines: [line('b')] }, ...before];
    expect(groupLines(after)[0]?.key).toBe(groupLines(before)[0]?.key);
  });
});

describe('filterFeed', () => {
  const all = [
    { entry: entry(2, 'ada', 1), lines: [line('a'), line('b', { kind: 'refused' })] },
    { entry: entry(1, 'bob', 1), lines: [line('c', { kind: 'overrode' }), line('d')] },
  ];
  const texts = (shown: typeof all | ReturnType<typeof filterFeed>): string[] =>
    shown.flatMap(({ lines }) => lines.map(({ text }) => text));

  it('shows everything, what was refused or overridden, or one person', () => {
    expect(texts(filterFeed(all, { kind: 'everything' }))).toEqual(['a', 'b', 'c', 'd']);
    expect(texts(filterFeed(all, { kind: 'refused' }))).toEqual(['b', 'c']);
    expect(texts(filterFeed(all, { kind: 'person', user: 'bob' }))).toEqual(['c', 'd']);
  });
});

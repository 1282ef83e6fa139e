import { describe, expect, test } from 'vitest';
import { type WatchView, describeChanges, renderScreen } from '../../src/cli/watch-view.ts';
import { widthOf } from '../../src/cli/plain-text.ts';
import { priceQuote } from '../../src/quote/pricing.ts';
import type { Snapshot } from '../../src/quote/snapshot.ts';

const snapshotOf = (quantity: string, title = 'Bolts'): Snapshot => ({
  fields: { title, currency: 'EUR' },
  lineItems: [{ id: 'l1', cells: { position: 'a0', name: '北野精機', quantity, unitPrice: '2.50' } }],
  discounts: [],
  notes: [{ id: 'n1', cells: { position: 'a0' }, text: 'Call them' }],
});

function viewOf(snapshot: Snapshot, change: Partial<WatchView> = {}): WatchView {
  return {
    quoteId: 'q1',
    snapshot,
    totals: priceQuote(snapshot),
    people: [],
    verdicts: [],
    connection: 'live',
    ...change,
  };
}

describe('changes', () => {
  test('nothing happened: nothing to say', () => {
    expect(describeChanges(viewOf(snapshotOf('1')), viewOf(snapshotOf('1')))).toEqual([]);
  });

  test('cells and the total, with before and after', () => {
    expect(describeChanges(viewOf(snapshotOf('1')), viewOf(snapshotOf('3')))).toEqual([
      'lineItems/l1/quantity: "1" -> "3"',
      'total: 2.50 EUR -> 7.50 EUR',
    ]);
  });

  test('a row that comes or goes', () => {
    const [with_, without] = [snapshotOf('1'), { ...snapshotOf('1'), notes: [] }];
    expect(describeChanges(viewOf(with_), viewOf(without))).toEqual([
      'notes/n1/position: "a0" -> empty',
      'note/n1: "Call them" -> empty',
    ]);
  });

  test('who comes, moves and leaves', () => {
    const snapshot = snapshotOf('1');
    const [none, here, editing] = [[], ['Max (admin), here'], ['Max (admin), editing fields/title']].map(
      (people) => viewOf(snapshot, { people }),
    ) as [WatchView, WatchView, WatchView];
    expect(describeChanges(none, here)).toEqual(['Max (admin), here']);
    expect(describeChanges(here, editing)).toEqual(['Max (admin), editing fields/title']);
    expect(describeChanges(editing, none)).toEqual(['Max (admin) left']);
  });

  test('new verdicts only, also when the list is full and moves on', () => {
    const snapshot = snapshotOf('1');
    const verdicts = (from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, index) => `verdict ${from + index}`);
    const step = (before: string[], after: string[]): string[] =>
      describeChanges(viewOf(snapshot, { verdicts: before }), viewOf(snapshot, { verdicts: after }));
    expect(step([], verdicts(0, 2))).toEqual(verdicts(0, 2));
    expect(step(verdicts(0, 100), verdicts(3, 103))).toEqual(verdicts(100, 103));
    expect(step(verdicts(0, 100), verdicts(0, 100))).toEqual([]);
  });

  test('the connection', () => {
    const snapshot = snapshotOf('1');
    const lost = viewOf(snapshot, { connection: 'The connection was lost.' });
    expect(describeChanges(viewOf(snapshot), lost)).toEqual(['The connection was lost.']);
  });
});

describe('the screen', () => {
  test('is never larger than the terminal', () => {
    const view = viewOf(snapshotOf('1', 'x'.repeat(500)), {
      people: Array.from({ length: 50 }, () => 'Max (admin), here'),
    });
    for (const size of [
      { columns: 20, rows: 5 },
      { columns: 60, rows: 24 },
    ]) {
      const lines = renderScreen(view, size);
      expect(lines.length).toBeLessThanOrEqual(size.rows);
      expect(lines.every((line) => widthOf(line) <= size.columns)).toBe(true);
    }
  });

  test('shows quote, total, people and the newest verdicts', () => {
    const view = viewOf(snapshotOf('4'), {
      people: ['Max (admin), here'],
      verdicts: Array.from({ length: 9 }, (_, index) => `verdict ${index}`),
    });
    const text = renderScreen(view, { columns: 120, rows: 60 }).join('\n');
    expect(text).toMatch(/北野精機 +4 +2\.50 +10\.00/);
    expect(text).toMatch(/Total EUR +10\.00/);
    expect(text).toContain('Max (admin), here');
    expect(text).toContain('verdict 8');
    expect(text).not.toContain('verdict 3');
  });
});

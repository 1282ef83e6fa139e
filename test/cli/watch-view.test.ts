import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type WatchView, describeChanges, renderScreen } from '../../src/cli/watch-view.ts';
import { widthOf, wrap } from '../../src/cli/plain-text.ts';
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

  const imported: Snapshot = {
    fields: { title: 'GenWatt', currency: 'EUR' },
    lineItems: ['69cf1e6a-6d0c-4b41-9a54-6f3e8f4f5a01', '69cf1e6a-6d0c-4b41-9a54-6f3e8f4f5a02'].map(
      (id, index) => ({
        id,
        cells: {
          position: `a${index}`,
          sku: 'GC1040',
          name: 'GenWatt Diesel 200kW',
          quantity: '2',
          unitPrice: '24500',
          discountPercent: '10',
          x_term: '12',
          ...(index === 1 && { optional: true }),
        },
      }),
    ),
    discounts: [
      { id: 'd1', cells: { position: 'a0', label: 'Loyalty '.repeat(20), kind: 'percent', value: '5' } },
    ],
    notes: [],
  };
  const screen = (columns: number, rows = 60, change: Partial<WatchView> = {}): string =>
    renderScreen(viewOf(imported, change), { columns, rows }).join('\n');

  test.each([60, 80, 100, 120, 200])('no number and no id is cut in %i columns', (columns) => {
    const text = screen(columns);
    for (const { id } of imported.lineItems) expect(text).toContain(id);
    expect(text).toMatch(/Quantity +Unit price +Discount +Net/);
    expect(text.match(/ 2 +24500\.00 +10 % +44100\.00/g)).toHaveLength(2);
    expect(text).toMatch(/Loyalty.* -2205\.00/);
    expect(text).toMatch(/Total EUR +41895\.00/);
    expect(text).toContain('optional');
    expect(text).toContain('x_term');
  });

  test('a line takes one row where a shorter name makes room, else two', () => {
    const narrow: Snapshot = {
      ...imported,
      lineItems: imported.lineItems.map((row, index) => ({ ...row, id: `l${index}` })),
    };
    const rows = (columns: number): string[] =>
      renderScreen(viewOf(narrow), { columns, rows: 60 }).filter((line) =>
        /l[01] |^ {4}.*44100\.00/.test(line),
      );
    expect(rows(100)[0]).toMatch(/l0 +GC1040 +GenWatt Diesel 200kW +2 .* 44100\.00/);
    expect(rows(82)[0]).toMatch(/l0 +GC1040 +GenWatt Die.*… +2 .* 44100\.00/);
    expect(rows(60)).toHaveLength(4);
  });

  test('ids are shortened where even two rows are too narrow, but stay apart', () => {
    const ids = ['69cf1e6a-6d0c-4b41', 'b2cf1e6a-6d0c-4b41', 'b2cf1e6a-7777-4b41'];
    const lineItems = ids.map((id) => ({
      id,
      cells: { position: 'a0', sku: 'GC1040', name: 'GenWatt Diesel 200kW' },
    }));
    const text = renderScreen(viewOf({ ...imported, lineItems }), { columns: 40, rows: 60 }).join('\n');
    for (const id of ['69cf1e6a', 'b2cf1e6a-6', 'b2cf1e6a-7']) expect(text).toContain(id);
    expect(text).toContain('GenWatt');
  });

  test('columns of numbers are left out whole, the net amount last', () => {
    expect(screen(50)).toMatch(/ 44100\.00/);
    expect(screen(45)).toMatch(/Quantity +Unit price +Net\n/);
    expect(screen(34)).toMatch(/Quantity +Net\n/);
    expect(screen(16)).not.toMatch(/4…|41…/);
  });

  test('text wraps, and where rows are few, line items give way to the total', () => {
    const why = 'refused: lineItems/l1/quantity "5": not_permitted, and a long word why '.repeat(3).trim();
    const verdicts = [why];
    expect(screen(60, 60, { verdicts }).replaceAll(/\s+/g, ' ')).toContain(why);
    const connection = 'The connection was lost, and it is tried again every few seconds';
    expect(screen(60, 60, { connection }).replaceAll(/\s+/g, ' ')).toContain(`${connection} - Ctrl+C`);
    const many = {
      ...imported,
      lineItems: Array.from({ length: 90 }, (_, index) => ({
        id: `l${index}`,
        cells: { position: `a${index}`, name: 'N', quantity: '1', unitPrice: '2' },
      })),
    };
    const lines = renderScreen(viewOf(many), { columns: 80, rows: 24 });
    expect(lines).toHaveLength(24);
    expect(lines.join('\n')).toMatch(/and \d+ more\n[^]*Total EUR +171\.00\n[^]*Nobody else/);
  });

  test('wrapped text keeps all of its words, and its width', () => {
    const unit = fc.constantFrom('a', 'bc', ' ', '  ', '北', 'é', '\u{1f600}');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), fc.integer({ min: 2, max: 60 }), (text, columns) => {
        const lines = wrap(text, columns);
        expect(lines.every((line) => widthOf(line) <= columns)).toBe(true);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});

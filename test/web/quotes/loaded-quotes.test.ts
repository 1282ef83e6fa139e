import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LoadedQuotes, withLive, withPage } from '../../../src/web/quotes/loaded-quotes.ts';
import { NO_FILTER } from '../../../src/web/quotes/quote-filter.ts';
import type { ListedQuote } from '../../../src/wire/http-schemas.ts';
import { listed } from './listed.ts';

const dana = { id: 'dana', name: 'Dana', role: 'vp_sales' } as const;
const all = (...quotes: ListedQuote[]) => ({ quotes, next: null });
const change = (...quotes: ListedQuote[]) => ({ kind: 'change', quotes }) as const;
const idsOf = ({ quotes }: { readonly quotes: readonly ListedQuote[] }) => quotes.map(({ id }) => id);

test('a quote that changed moves to the front; the others stay the same objects', () => {
  const before = all(listed('b', 2), listed('a', 1));
  const after = withLive(before, change(listed('a', 3)), NO_FILTER);
  expect(idsOf(after)).toEqual(['a', 'b']);
  expect(after.quotes[1]).toBe(before.quotes[0]);
});

test('a new quote comes in, unless its place is on a page that is not here', () => {
  const before = { quotes: [listed('c', 30), listed('b', 20)], next: '20.b' };
  const after = withLive(before, change(listed('new', 40), listed('old', 10)), NO_FILTER);
  expect(idsOf(after)).toEqual(['new', 'c', 'b']);
  expect(idsOf(withLive(all(...before.quotes), change(listed('old', 10)), NO_FILTER))).toEqual([
    'c',
    'b',
    'old',
  ]);
});

test('a quote that the filter no longer takes leaves', () => {
  const drafts = { ...NO_FILTER, status: 'draft' } as const;
  expect(idsOf(withLive(all(listed('a', 1)), change(listed('a', 2, { status: 'sent' })), drafts))).toEqual(
    [],
  );
});

test('a search takes parts of title, customer and id, in any case', () => {
  const found = (text: string) =>
    idsOf(
      withLive(all(), change(listed('q-77', 1, { title: 'MÜLLER', customer: 'Nord' })), {
        ...NO_FILTER,
        text,
      }),
    );
  expect(['müll', 'nORD', 'Q-7', 'x'].map((text) => found(text).length)).toEqual([1, 1, 1, 0]);
});

test('whoever a snapshot leaves out has gone', () => {
  const before = all(listed('b', 2, { live: [dana] }), listed('a', 1, { live: [dana] }));
  const snapshot = { kind: 'snapshot', quotes: [listed('a', 1, { live: [dana] })] } as const;
  expect(withLive(before, snapshot, NO_FILTER).quotes.map(({ live }) => live.length)).toEqual([0, 1]);
  expect(idsOf(withLive(before, snapshot, { ...NO_FILTER, whose: 'live' }))).toEqual(['a']);
});

test('which quotes are mine only the server knows', () => {
  const mine = { ...NO_FILTER, whose: 'mine' } as const;
  expect(idsOf(withLive(all(listed('a', 1)), change(listed('b', 2), listed('a', 3)), mine))).toEqual(['a']);
});

test('what is here counts more than a page that was read before it', () => {
  const loaded = withPage(
    { quotes: [listed('a', 5, { title: 'new' })], next: '5.a' },
    { quotes: [listed('a', 1), listed('b', 1)] },
  );
  expect(loaded.quotes.map(({ title }) => title)).toEqual(['new', 'Title of b']);
  expect(loaded.next).toBeNull();
});

test('whatever is told, the list stays in order and holds each quote once', () => {
  const rows = fc.array(
    fc
      .record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), at: fc.nat(20) })
      .map(({ id, at }) => listed(id, at)),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 5 }), (told) => {
      let loaded: LoadedQuotes = all();
      for (const quotes of told) loaded = withLive(loaded, change(...unique(quotes)), NO_FILTER);
      const ids = idsOf(loaded);
      expect(new Set(ids).size).toBe(ids.length);
      const times = loaded.quotes.map(({ lastChange }) => lastChange.at);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    }),
  );
});

const unique = (quotes: readonly ListedQuote[]): ListedQuote[] => [
  ...new Map(quotes.map((quote) => [quote.id, quote])).values(),
];

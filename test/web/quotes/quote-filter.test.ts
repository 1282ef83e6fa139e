import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STATUSES } from '../../../src/quote/columns.ts';
import {
  NO_FILTER,
  WHOSE,
  addressOf,
  isFiltered,
  pagePath,
  readFilter,
} from '../../../src/web/quotes/quote-filter.ts';

const filters = fc.record({
  text: fc.string({ maxLength: 200 }).map((text) => text.trim()),
  whose: fc.constantFrom(...WHOSE),
  status: fc.constantFrom(null, ...STATUSES),
});

test('what is written into the address is read out of it again', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const { search } = new URL(addressOf(filter), 'http://quoteroom.example');
      expect(readFilter(search)).toEqual(filter);
    }),
  );
});

test('an address without a filter is the plain one', () => {
  expect(addressOf(NO_FILTER)).toBe('/quotes');
  expect(isFiltered(NO_FILTER)).toBe(false);
});

test('what makes no sense in an address is not asked for', () => {
  expect(readFilter('?status=lost&mine=yes&live=0')).toEqual(NO_FILTER);
  expect(readFilter(`?q=${'x'.repeat(300)}`).text).toHaveLength(200);
});

test('the server is asked with the names of its own', () => {
  const filter = { text: 'Linz & Co', whose: 'mine', status: 'in_review' } as const;
  expect(pagePath(filter, { limit: 100, after: '17.q-1' })).toBe(
    '/api/quotes?q=Linz+%26+Co&mine=1&status=in_review&limit=100&after=17.q-1',
  );
});

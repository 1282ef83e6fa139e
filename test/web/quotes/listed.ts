import type { ListedQuote } from '../../../src/wire/http-schemas.ts';

/** A row of the list, changed at `at`. */
export const listed = (id: string, at: number, more: Partial<ListedQuote> = {}): ListedQuote => ({
  id,
  title: `Title of ${id}`,
  customer: 'Acme',
  status: 'draft',
  owner: 'Dana',
  currency: 'EUR',
  total: '10.00',
  lastChange: { at, by: { id: 'dana', name: 'Dana' }, cell: null },
  live: [],
  ...more,
});

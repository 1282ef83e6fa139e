import { STATUSES } from '../../quote/columns.ts';

export type Status = (typeof STATUSES)[number];

/** Which quotes the list shows. It lives in the page's address, so that it can be sent to others and outlives a reload. */
export interface QuoteFilter {
  readonly text: string;
  readonly whose: Whose;
  /** Null: any. */
  readonly status: Status | null;
}

/** `mine`: those that were given to me by name; `live`: those with somebody in them. */
export const WHOSE = ['all', 'mine', 'live'] as const;
export type Whose = (typeof WHOSE)[number];

export const NO_FILTER: QuoteFilter = { text: '', whose: 'all', status: null };

/** As long as the server takes. */
export const SEARCH_CHARS_MAX = 200;

export const isFiltered = ({ text, whose, status }: QuoteFilter): boolean =>
  text.trim() !== '' || whose !== 'all' || status !== null;

/** What an address asks for, `?q=linz&mine=1&status=draft`; whatever makes no sense there is not asked for. */
export function readFilter(search: string): QuoteFilter {
  const params = new URLSearchParams(search);
  const status = params.get('status');
  return {
    text: (params.get('q') ?? '').slice(0, SEARCH_CHARS_MAX),
    whose: params.get('live') === '1' ? 'live' : params.get('mine') === '1' ? 'mine' : 'all',
    status: STATUSES.find((one) => one === status) ?? null,
  };
}

/** The address of the list so filtered. */
export function addressOf(filter: QuoteFilter): string {
  const params = paramsOf(filter).toString();
  return params === '' ? '/quotes' : `/quotes?${params}`;
}

/** Where the server gives one page of it. `after` is the `next` of the page before. */
export function pagePath(
  filter: QuoteFilter,
  { limit, after }: { readonly limit: number; readonly after: string | null },
): string {
  const params = paramsOf(filter);
  params.set('limit', String(limit));
  if (after !== null) params.set('after', after);
  return `/api/quotes?${params.toString()}`;
}

/** The same names in the page's address as in the server's. */
function paramsOf({ text, whose, status }: QuoteFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (text.trim() !== '') params.set('q', text.trim());
  if (whose !== 'all') params.set(whose, '1');
  if (status !== null) params.set('status', status);
  return params;
}

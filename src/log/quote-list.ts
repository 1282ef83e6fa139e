import { isQuoteId, type QuoteId } from '../lib/ids.ts';
import type { QuoteSummary } from './log.ts';

/**
 * How every adapter lists quotes: by last change, newest first, equal times by id, the later one first. A page goes on after
 * the last quote of the one before, so quotes that change meanwhile move to the front and shift nothing.
 */
export interface ListPlace {
  readonly at: number;
  readonly id: QuoteId;
}

/** The `next` of a page that ends with this quote. */
export const formatPlace = (last: QuoteSummary): string => `${last.lastChange.at}.${last.id}`;

/** Null for what no page gave. */
export function parsePlace(text: string): ListPlace | null {
  const [, at, id] = /^(\d{1,15})\.(.+)$/.exec(text) ?? [];
  if (at === undefined || id === undefined || !isQuoteId(id)) return null;
  return { at: Number(at), id };
}

/** The text that a search looks through; `part` of it is found in any case, in any language. */
export const searchTextOf = (summary: Pick<QuoteSummary, 'id' | 'title' | 'customer'>): string =>
  foldCase([summary.title, summary.customer, summary.id].join('\n'));

export const foldCase = (text: string): string => text.normalize('NFC').toLowerCase();

import type { QuoteId, UserId } from '../lib/ids.ts';

/**
 * Names that people gave to what a quote was after one of its entries, to find it again. They are beside the log and
 * no part of it: naming changes nothing of the quote, and a name can be changed or taken back.
 */
export interface NamedVersions {
  /** Stores a new one; nothing is stored where the quote has that name already, or {@link VERSIONS_MAX} of them. */
  add(version: NamedVersion): Promise<'added' | 'name_taken' | 'full'>;
  /** Of a quote, newest point first; of one point the last one named first. */
  ofQuote(quote: QuoteId): Promise<NamedVersion[]>;
  byId(quote: QuoteId, id: string): Promise<NamedVersion | null>;
  /** To its own name again is fine. */
  rename(version: Pick<NamedVersion, 'quote' | 'id' | 'name'>): Promise<'renamed' | 'name_taken' | 'unknown'>;
  /** False where the quote has none with this id. */
  remove(quote: QuoteId, id: string): Promise<boolean>;
}

export interface NamedVersion {
  readonly id: string;
  readonly quote: QuoteId;
  readonly name: string;
  /** The entry after which the quote was this. */
  readonly seq: number;
  /** When that entry was made, ms since 1970. */
  readonly at: number;
  readonly namedBy: UserId;
  readonly namedAt: number;
}

/** Of one quote. */
export const VERSIONS_MAX = 500;

import { type Moment, seqAt } from '../audit/seq-at.ts';
import { type QuoteId, isQuoteId } from '../lib/ids.ts';
import type { Head, Log } from '../log/log.ts';
import { parseMoment, showTime } from './moment.ts';
import { CommandFailure, UsageError } from './command-errors.ts';

/** Throws where there is no such quote in this data folder. */
export async function findQuote(
  log: Pick<Log, 'head' | 'tombstone'>,
  quote: QuoteId,
  folder: string,
): Promise<{ readonly quote: QuoteId; readonly head: Head }> {
  const head = await log.head(quote);
  if (head !== null) return { quote, head };
  throw await missingQuote(log, quote, folder);
}

/** Why there is no such quote: it was purged, or it never was. */
export async function missingQuote(
  log: Pick<Log, 'tombstone'>,
  quote: QuoteId,
  folder: string,
): Promise<Error> {
  const tombstone = await log.tombstone(quote);
  if (tombstone === null) return noSuchQuote(quote, folder);
  return new CommandFailure(
    'purged',
    `quote ${quote} was purged on ${showTime(tombstone.at)} UTC, and its last entry was ${tombstone.seq}: it is in the ` +
      'bundle that was exported then',
  );
}

export const noSuchQuote = (quote: QuoteId, folder: string): Error =>
  new CommandFailure(
    'not_found',
    `there is no quote ${quote} in ${folder}: "quoteroom quote list" shows those that are there`,
  );

/** The same of a server, which names only those that the person may see. */
export const noQuoteThere = (quote: QuoteId, url: string): Error =>
  new CommandFailure(
    'not_found',
    `there is no quote ${quote} at ${url}: "quoteroom quote list" shows those that you may see`,
  );

export function parseQuoteId(text: string): QuoteId {
  if (isQuoteId(text)) return text;
  throw new UsageError(`"${text}" cannot be a quote's id: those have 1 to 64 letters, digits, _ or -`);
}

/** A moment that a person named with a flag: `12`, `2026-03-01`. */
export interface NamedMoment {
  readonly flag: string;
  readonly text: string;
  /** Whether it may be before the first entry: that is 0. */
  readonly fromStart?: boolean;
}

/** The number of the entry at a moment. */
export async function findEntry(
  log: Pick<Log, 'entries'>,
  { quote, head }: { readonly quote: QuoteId; readonly head: Head },
  { flag, text, fromStart = false }: NamedMoment,
): Promise<number> {
  const moment = parseMoment(text);
  if (!moment.ok) throw new UsageError(`${flag}: ${moment.reason}`);
  const seq = await seqAt(log, { quote, head }, moment.value);
  if (seq !== null && (seq > 0 || fromStart)) return seq;
  throw new CommandFailure('not_found', `${flag}: ${describeNothing(moment.value, quote, head)}`);
}

/** Why a quote has nothing at a moment. A time is told in UTC, since a day alone means its first second there. */
export const describeNothing = (moment: Moment, quote: QuoteId, head: Pick<Head, 'seq'>): string =>
  moment.kind === 'time'
    ? `quote ${quote} did not exist yet at ${showTime(moment.at)} UTC`
    : `quote ${quote} has entries 1 to ${head.seq}, not ${moment.seq}`;

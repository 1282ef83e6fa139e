import { setImmediate } from 'node:timers/promises';
import type { QuoteId } from '../lib/ids.ts';
import { Fault } from '../lib/fault.ts';
import type { Entry, Head, Log } from '../log/log.ts';
import { readEntries } from './read-entries.ts';

/** Entries after which others get their turn. */
const ENTRIES_IN_A_TURN = 100;

/**
 * Plays entries `after + 1` to `to`. Gives the last, null where there was none. Throws `Fault` with code `log_corrupt` at
 * one that is missing or cannot be read.
 */
export async function playLog(
  log: Pick<Log, 'entries'>,
  quote: QuoteId,
  course: { play(entry: Entry): void },
  { after, to }: { readonly after: number; readonly to: number },
): Promise<Head | null> {
  let last: Head | null = null;
  let reached = after;
  for await (const read of readEntries(log, quote, { after, to })) {
    if (read.kind === 'unreadable') throw corrupt(read.message);
    const { seq, at, hash } = read.entry;
    if (seq !== reached + 1) break;
    course.play(read.entry);
    reached = seq;
    last = { seq, at, hash };
    if (seq % ENTRIES_IN_A_TURN === 0) await setImmediate();
  }
  if (reached < to) throw corrupt(`entry ${reached + 1} of quote ${quote} is missing: ${ASK_VERIFY}`);
  return last;
}

const ASK_VERIFY = '"quoteroom audit verify" says what is wrong with the log';

const corrupt = (message: string): Fault => new Fault({ code: 'log_corrupt', message, retryable: false });

/** What the rows per write say and what the merged bytes lead to are two things. */
export const rowsDiffer = (quote: QuoteId, cell: string): Fault =>
  corrupt(`the log of quote ${quote} does not say who wrote what stands in ${cell}: ${ASK_VERIFY}`);

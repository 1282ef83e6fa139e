import { present } from '../lib/assert.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { ReadableLog } from '../log/load-gate.ts';
import type { Log } from '../log/log.ts';
import type { Snapshot } from '../quote/snapshot.ts';
import { type Blame, blameQuote } from './blame.ts';
import { type CellFilter, parseCellFilter } from './cell-filter.ts';
import { type QuoteDiff, diffQuote } from './diff.ts';
import type { LogPage, LogQuery } from './log-selection.ts';
import { type LogEntry, viewLog } from './log-view.ts';
import { createSeeker } from './seek.ts';
import type { StrayRows } from './sqlite-stray-rows.ts';
import { type Timeline, type TimelineQuery, readTimeline } from './timeline.ts';
import { type QuoteVerification, verifyQuotes } from './verify.ts';
import { type KeptHeads, type Vouching, findVouching } from './vouching-head.ts';

/** Answers what takes a quote's log to be read or played again. The entries that are named must be there. */
export interface LookBack {
  /** `cells` as `parseCellFilter` takes it. */
  blame(quote: QuoteId, query: { readonly at: number; readonly cells?: string | undefined }): Promise<Blame>;
  diff(quote: QuoteId, range: { readonly from: number; readonly to: number }): Promise<QuoteDiff>;
  /** Entries up to `to`, as `viewLog` shows them. */
  page(quote: QuoteId, query: PageQuery): Promise<LogPage<LogEntry>>;
  timeline(quote: QuoteId, query: TimelineQuery): Promise<Timeline>;
  /** The quote as it was after an entry. */
  snapshotAt(quote: QuoteId, point: { readonly at: number; readonly removed: boolean }): Promise<Snapshot>;
  /** As `audit verify` does: takes seconds for a long log. */
  verify(quote: QuoteId): Promise<QuoteVerification>;
  /** What the newest signed head says of the quote. */
  vouching(quote: QuoteId): Promise<Vouching>;
  /** Ends what is under way. May be called twice. */
  close(): Promise<void>;
}

export interface PageQuery extends Omit<LogQuery, 'cells'> {
  readonly to: number;
  /** As `parseCellFilter` takes it. */
  readonly cells?: string;
}

export interface LookBackDeps extends KeptHeads {
  readonly log: ReadableLog & Pick<Log, 'entries' | 'summary'>;
  readonly strayRows?: Pick<StrayRows, 'ofQuote'>;
}

/** Entries that are looked at for one page. */
const ENTRIES_PER_PAGE = 2_000;

/** In this thread, which others have to themselves only between some entries and the next. */
export function createLookBack({ log, strayRows, ...kept }: LookBackDeps): LookBack {
  const seeker = createSeeker(log);
  const verifiedLog = { ...log, ...(strayRows !== undefined && { strayRows }) };
  return {
    blame: (quote, { at, cells }) =>
      blameQuote(log, quote, { at, cells: cells === undefined ? undefined : filterOf(cells) }),
    diff: (quote, range) => diffQuote(log, quote, range),
    page(quote, { to, cells, ...query }) {
      const upTo: Pick<Log, 'entries' | 'head'> = {
        head: (asked) => log.head(asked),
        entries: async (asked, range) => (await log.entries(asked, range)).filter(({ seq }) => seq <= to),
      };
      const narrowed = { ...query, ...(cells !== undefined && { cells: filterOf(cells) }) };
      return viewLog(upTo, quote, narrowed, { entriesMax: ENTRIES_PER_PAGE });
    },
    timeline: (quote, query) => readTimeline(log, quote, query),
    snapshotAt: (quote, point) => seeker.snapshotAt(quote, point),
    async verify(quote) {
      const { quotes } = await verifyQuotes(verifiedLog, [quote]);
      return present(quotes[0], 'one quote was asked for');
    },
    vouching: (quote) => findVouching({ ...kept, log }, quote),
    close: () => Promise.resolve(),
  };
}

function filterOf(text: string): CellFilter {
  const filter = parseCellFilter(text);
  return present(filter.ok ? filter.value : null, 'who asks has looked at the pattern');
}

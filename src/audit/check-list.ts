import * as Y from 'yjs';
import type { QuoteId } from '../lib/ids.ts';
import type { Entry, Log, QuoteSummary } from '../log/log.ts';
import { priceQuote } from '../quote/pricing.ts';
import { readSnapshot } from '../quote/snapshot.ts';
import type { Finding } from './finding.ts';
import { readEntries } from './read-entries.ts';

/**
 * Is a quote's row in the list of quotes what its entries lead to? It is shown everywhere, but no hash covers it.
 *
 * Its total may be that of a moment before: a server prices a quote some time after an edit, and one that was killed in
 * between leaves the old total behind until the quote is opened again. So a total that one of the last entries led to is fine.
 */
export interface ListCheck {
  /** Takes in every entry, in order. */
  see(entry: Entry): void;
  /** What it has seen; takes the place of the entries in {@link join}. */
  seen(): SeenInStretch;
  /** Takes in what was seen of the entries that come next. */
  join(next: SeenInStretch): void;
  /** `doc` is the quote after the entry that the row says was its last, which was the last one seen. */
  compare(listed: QuoteSummary, doc: Y.Doc): Promise<Finding[]>;
}

/** Null where the stretch has no entry, or only such that change neither. */
export interface SeenInStretch {
  readonly createdBy: string;
  readonly lastChange: QuoteSummary['lastChange'] | null;
}

const EARLIER_TOTALS_MAX = 1_000;

export function createListCheck(
  log: Pick<Log, 'entries'>,
  { isFromStart = true }: { readonly isFromStart?: boolean } = {},
): ListCheck {
  let createdBy = '';
  let lastChange: QuoteSummary['lastChange'] | null = null;
  let isFirst = isFromStart;

  return {
    see({ at, actor, writes }) {
      if (isFirst) createdBy = actor.user;
      const cell = writes.findLast(({ verdict }) => verdict === 'accepted')?.cell ?? null;
      const isRefused = writes.length > 0 && cell === null;
      if (isFirst || !isRefused) lastChange = { at, by: actor.user, cell };
      isFirst = false;
    },
    seen: () => ({ createdBy, lastChange }),
    join(next) {
      if (isFirst) createdBy = next.createdBy;
      isFirst = false;
      lastChange = next.lastChange ?? lastChange;
    },
    async compare(listed, doc) {
      const field = (name: string): string => {
        const value = doc.getMap('fields').get(name);
        return typeof value === 'string' ? value : '';
      };
      const parts: [name: string, listed: unknown, cameOut: unknown][] = [
        ['title', listed.title, field('title')],
        ['customer', listed.customer, field('customer')],
        ['status', listed.status, field('status')],
        ['owner', listed.owner, field('owner')],
        ['currency', listed.currency, field('currency')],
        ['creator', listed.createdBy, createdBy],
        ['time of its last change', listed.lastChange.at, lastChange?.at],
        ['author of its last change', listed.lastChange.by, lastChange?.by],
        ['cell of its last change', listed.lastChange.cell, lastChange?.cell],
      ];
      const { total } = priceQuote(readSnapshot(doc));
      if (listed.total !== total && !(await wasTotal(log, listed)))
        parts.push(['total', listed.total, total]);
      return parts
        .filter(([, inList, cameOut]) => inList !== cameOut)
        .map(([name, inList, cameOut]) =>
          listFinding(
            listed.seq,
            `the list of quotes gives ${listed.id} another ${name} than its entries lead to: ` +
              `listed ${JSON.stringify(inList)}, came out ${JSON.stringify(cameOut)}`,
          ),
        );
    },
  };
}

const listFinding = (seq: number, message: string): Finding => ({ seq, kind: 'list', message });

/** Where the row names another last entry than there is. An entry appended after `head` was read is no contradiction. */
export function checkListedPlace(
  quote: QuoteId,
  listed: QuoteSummary | null,
  head: Pick<QuoteSummary, 'seq'> | null,
): Finding[] {
  if (listed === null) {
    return head === null
      ? []
      : [listFinding(1, `quote ${quote} has entries, but is not in the list of quotes`)];
  }
  if (head === null)
    return [listFinding(1, `quote ${quote} is in the list of quotes, but none of its entries are there`)];
  if (listed.seq >= head.seq) return [];
  return [
    listFinding(
      listed.seq,
      `the list of quotes says that entry ${listed.seq} is the last of ${quote}, but entry ${head.seq} is`,
    ),
  ];
}

async function wasTotal(log: Pick<Log, 'entries'>, { id, seq, total }: QuoteSummary): Promise<boolean> {
  const doc = new Y.Doc();
  for await (const read of readEntries(log, id, { after: 0, to: seq })) {
    if (read.kind === 'unreadable') return false;
    const { merged } = read.entry;
    if (merged !== null) Y.applyUpdate(doc, merged);
    const isRecent = read.entry.seq > seq - EARLIER_TOTALS_MAX;
    if (isRecent && merged !== null && priceQuote(readSnapshot(doc)).total === total) return true;
  }
  return false;
}

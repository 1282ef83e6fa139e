import type { QuoteId } from '../lib/ids.ts';
import type { Log, QuoteSummary } from '../log/log.ts';
import type { SessionStore } from '../session/session-store.ts';
import { showTime } from './moment.ts';

/** A quote that is closed (won, lost or run out), in which nobody is at work, and that has not changed for long enough. */
export interface Purgeable {
  readonly quote: QuoteId;
  readonly title: string;
  readonly status: string;
  /** Its last entry, which is also how many it has. */
  readonly seq: number;
  /** When that was made, ms since 1970. */
  readonly lastEntryAt: number;
}

/** In which nothing is left to be done. */
const CLOSED_STATUSES: readonly string[] = ['accepted', 'declined', 'expired'];

interface Store {
  readonly log: Pick<Log, 'quotes' | 'head'>;
  readonly sessionStore: Pick<SessionStore, 'openSessions'>;
}

const PAGE = 500;

/** Those whose last entry is older than `before`, the oldest first. */
export async function findPurgeable({ log, sessionStore }: Store, before: number): Promise<Purgeable[]> {
  const open = await openQuotes(sessionStore);
  const found: Purgeable[] = [];
  for (const status of CLOSED_STATUSES) {
    for (let after: string | undefined; ;) {
      const page = await log.quotes({ status, limit: PAGE, ...(after !== undefined && { after }) });
      for (const listed of page.quotes) {
        const looked = await look(log, listed, { open, before });
        if (typeof looked !== 'string') found.push(looked);
      }
      if (page.next === null) break;
      after = page.next;
    }
  }
  return found.toSorted((a, b) => a.lastEntryAt - b.lastEntryAt || (a.quote < b.quote ? -1 : 1));
}

/** The one quote, or why it cannot be purged. */
export async function lookAtOne(
  { log, sessionStore }: Store & { readonly log: Pick<Log, 'summary'> },
  quote: QuoteId,
  before: number,
): Promise<Purgeable | string> {
  const listed = await log.summary(quote);
  if (listed === null) return 'it is not in the list of quotes';
  return look(log, listed, { open: await openQuotes(sessionStore), before });
}

async function look(
  log: Pick<Log, 'head'>,
  { id, title, status }: QuoteSummary,
  { open, before }: { readonly open: ReadonlySet<QuoteId>; readonly before: number },
): Promise<Purgeable | string> {
  const head = await log.head(id);
  if (head === null) return 'it has no entries';
  if (!CLOSED_STATUSES.includes(status))
    return `its status is ${status === '' ? 'draft' : status}, and only ${CLOSED_STATUSES.join(', ')} are closed`;
  if (open.has(id)) return 'it has an open session; "quoteroom session end" ends it while the server runs';
  if (head.at >= before) return `its last entry is of ${showTime(head.at)} UTC`;
  return { quote: id, title, status, seq: head.seq, lastEntryAt: head.at };
}

const openQuotes = async (sessions: Pick<SessionStore, 'openSessions'>): Promise<Set<QuoteId>> =>
  new Set((await sessions.openSessions()).map(({ quote }) => quote));

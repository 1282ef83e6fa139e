import type { QuoteId } from '../lib/ids.ts';
import type { Result } from '../lib/result.ts';
import type { Log } from '../log/log.ts';
import { keyName } from '../log/signed-note.ts';
import type { Tombstone } from '../log/tombstone.ts';
import { type HeadCheck, type HeadProblem, checkHead } from './check-head.ts';
import type { OpenedHead } from './head-file.ts';

/** What a head that was kept elsewhere has to say of the log. */
export interface HeadReport extends Partial<Omit<HeadCheck, 'problems'>> {
  readonly ok: boolean;
  /** Null where its signature is not good. */
  readonly n: number | null;
  readonly at: number | null;
  readonly key: string | null;
  readonly problems: readonly (HeadProblem | { readonly kind: 'signature'; readonly message: string })[];
}

/** Without a quote that is asked for, of all that the database holds and all that the head covers. */
export async function checkKeptHead(
  log: Pick<Log, 'entries' | 'head'>,
  head: Result<OpenedHead>,
  quotes: {
    readonly asked: QuoteId | null;
    readonly known: readonly QuoteId[];
    /** Of purged quotes, with good signatures. */
    readonly tombstones: ReadonlyMap<QuoteId, Tombstone>;
  },
): Promise<HeadReport> {
  if (!head.ok) {
    const problems = [{ kind: 'signature' as const, message: head.reason }];
    return { ok: false, n: null, at: null, key: null, problems };
  }
  const { leaves, n, at, key } = head.value;
  const all = new Set([...quotes.known, ...leaves.map(({ quote }) => quote)]);
  const asked = quotes.asked === null ? [...all].toSorted() : [quotes.asked];
  const checked = await checkHead(log, leaves, asked, quotes.tombstones);
  return { ok: checked.problems.length === 0, n, at, key: keyName(key), ...checked };
}

import type { QuoteId } from '../lib/ids.ts';
import type { Log, QuoteSummary } from '../log/log.ts';
import type { Finding, FindingKind } from './finding.ts';
import { type AuditedLog, createWalk } from './walk-quote.ts';

/**
 * Is the log what it was when it was written? Every hash and link of the chain is computed again, every number from 1 to the last
 * must be there, every entry is decided again by the same gate with the policy of its time, and every row per write,
 * correction and merged byte must come out as recorded; checkpoints must be what the entries lead to.
 *
 * The last entries of a quote can only be missed where something outside of the chain knows of them: its checkpoints and the
 * list of quotes are asked. An auditor who wants more keeps the last hash of a former look.
 */
export interface Verification {
  readonly ok: boolean;
  readonly quotes: readonly QuoteVerification[];
}

export interface QuoteVerification {
  readonly quote: QuoteId;
  /** Entries that are there. */
  readonly entries: number;
  readonly ok: boolean;
  /** The first {@link PROBLEMS_MAX}; then one of the kind `more`. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly seq: number;
  readonly kind: FindingKind;
  readonly message: string;
}

export interface Progress {
  readonly quote: QuoteId;
  readonly done: number;
  readonly of: number;
}

export type VerifiedLog = AuditedLog & Pick<Log, 'summary'>;

export const PROBLEMS_MAX = 100;
const PROGRESS_EVERY_ENTRIES = 500;

export async function verifyQuotes(
  log: VerifiedLog,
  quotes: Iterable<QuoteId>,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Verification> {
  const verified: QuoteVerification[] = [];
  for (const quote of quotes) verified.push(await verifyQuote(log, quote, onProgress));
  return { ok: verified.every(({ ok }) => ok), quotes: verified };
}

async function verifyQuote(
  log: VerifiedLog,
  quote: QuoteId,
  onProgress: (progress: Progress) => void,
): Promise<QuoteVerification> {
  // Asked before the entries are read: what a running server appends meanwhile is no contradiction.
  const known = await knownEntries(log, quote);
  const problems = createProblems();
  let entries = 0;
  for await (const { seq, entry, findings } of createWalk(log, quote, known.last).steps()) {
    if (entry !== null) entries += 1;
    for (const finding of findings) problems.add(finding);
    if (seq % PROGRESS_EVERY_ENTRIES === 0) onProgress({ quote, done: seq, of: known.last });
  }
  if (known.summary === null) problems.add(unlisted(quote));
  onProgress({ quote, done: known.last, of: known.last });
  return { quote, entries, ok: problems.all().length === 0, problems: problems.all() };
}

/** The number of the last entry that anything knows of. */
async function knownEntries(
  log: VerifiedLog,
  quote: QuoteId,
): Promise<{ readonly last: number; readonly summary: QuoteSummary | null }> {
  const summary = await log.summary(quote);
  const checkpoint = await log.checkpoint(quote);
  const head = await log.head(quote);
  return { last: Math.max(summary?.seq ?? 0, checkpoint?.seq ?? 0, head?.seq ?? 0), summary };
}

const unlisted = (quote: QuoteId): Finding => ({
  seq: 1,
  kind: 'list',
  message: `quote ${quote} has entries, but is not in the list of quotes`,
});

function createProblems(): { add(finding: Finding): void; all(): Problem[] } {
  const kept: Problem[] = [];
  let more = 0;
  let firstLeftOut = 0;
  return {
    add({ seq, kind, message }) {
      if (kept.length < PROBLEMS_MAX) {
        kept.push({ seq, kind, message });
        return;
      }
      if (more === 0) firstLeftOut = seq;
      more += 1;
    },
    all() {
      if (more === 0) return kept;
      return [
        ...kept,
        { seq: firstLeftOut, kind: 'more', message: `and ${more} more problems from here on` },
      ];
    },
  };
}

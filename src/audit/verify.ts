import type { QuoteId } from '../lib/ids.ts';
import type { Head, Log, QuoteSummary } from '../log/log.ts';
import { checkListedPlace, createListCheck } from './check-list.ts';
import type { PurgedQuote } from './check-tombstone.ts';
import { type Finding, type Problem, problemOf } from './finding.ts';
import type { StrayRows } from './sqlite-stray-rows.ts';
import { type StretchThreads, checkInStretches } from './stretches.ts';
import { type AuditedLog, createWalk } from './walk-quote.ts';

/**
 * Is the log what it was when it was written? Every hash and link of the chain is computed again, every number from 1 to the last
 * must be there, every entry is decided again by the same gate with the policy of its time, and every row per write,
 * correction and merged byte must come out as recorded; checkpoints and the list of quotes must be what the entries lead to, and
 * nothing may lie beside them.
 *
 * The last entries of a quote can only be missed where something outside of the chain knows of them: its checkpoints and the
 * list of quotes are asked. Where those were cut as well, only a signed head that was kept elsewhere tells (`check-head.ts`).
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
  /** What its tombstone says, where it was purged and the signature of that is good. */
  readonly purged?: PurgedQuote;
}

export interface Progress {
  readonly quote: QuoteId;
  readonly done: number;
  readonly of: number;
}

export interface VerifiedLog extends AuditedLog, Pick<Log, 'summary'> {
  /** Rows that reading entries does not come across, where the log is kept in tables. */
  readonly strayRows?: Pick<StrayRows, 'ofQuote'>;
  /** For long quotes; without them, everything is done here. */
  readonly threads?: StretchThreads;
}

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
  const ofList = checkListedPlace(quote, known.summary, known.head);
  const progress = (done: number): void => onProgress({ quote, done, of: known.last });
  const entries =
    (await tryInStretches(log, quote, { known, ofList, progress })) ??
    (await walkThrough(log, quote, { known, ofList, progress, problems }));
  for (const finding of log.strayRows?.ofQuote(quote) ?? []) problems.add(finding);
  // Last, since what is wrong with the entries is why the list does not agree with them.
  for (const finding of ofList) problems.add(finding);
  progress(known.last);
  return { quote, entries, ok: problems.all().length === 0, problems: problems.all() };
}

interface VerifyRun {
  readonly known: Known;
  readonly ofList: Finding[];
  progress(done: number): void;
}

/** Gives how many entries there are, or null where it has to be walked. */
async function tryInStretches(
  { threads, ...log }: VerifiedLog,
  quote: QuoteId,
  { known, ofList, progress }: VerifyRun,
): Promise<number | null> {
  if (threads === undefined) return null;
  const sound = await checkInStretches({ log, threads }, quote, { to: known.last, onDone: progress });
  if (sound === null) return null;
  if (known.last === known.summary?.seq) {
    const list = createListCheck(log);
    list.join(sound.seen);
    ofList.push(...(await list.compare(known.summary, sound.doc)));
  }
  return sound.entries;
}

async function walkThrough(
  log: VerifiedLog,
  quote: QuoteId,
  { known, ofList, progress, problems }: VerifyRun & { readonly problems: Problems },
): Promise<number> {
  let entries = 0;
  const list = createListCheck(log);
  const walk = createWalk(log, quote, { to: known.last });
  for await (const { seq, entry, findings } of walk.steps()) {
    if (entry !== null) {
      entries += 1;
      list.see(entry);
    }
    for (const finding of findings) problems.add(finding);
    // Of a row that names another entry than the last one there is nothing more to say: that is what is wrong.
    if (seq === known.last && seq === known.summary?.seq && seq === walk.head?.seq)
      ofList.push(...(await list.compare(known.summary, walk.gate.doc)));
    if (seq % PROGRESS_EVERY_ENTRIES === 0) progress(seq);
  }
  return entries;
}

interface Known {
  /** The number of the last entry that anything knows of. */
  readonly last: number;
  readonly head: Head | null;
  readonly summary: QuoteSummary | null;
}

/** Each is asked after those that can only be behind it, so the list is never behind unless something is wrong. */
async function knownEntries(log: VerifiedLog, quote: QuoteId): Promise<Known> {
  const checkpoint = await log.checkpoint(quote);
  const head = await log.head(quote);
  const summary = await log.summary(quote);
  return { last: Math.max(summary?.seq ?? 0, checkpoint?.seq ?? 0, head?.seq ?? 0), head, summary };
}

interface Problems {
  add(finding: Finding): void;
  all(): Problem[];
}

function createProblems(): Problems {
  const kept: Problem[] = [];
  let more = 0;
  let firstLeftOut = 0;
  return {
    add(finding) {
      if (kept.length < PROBLEMS_MAX) {
        kept.push(problemOf(finding));
        return;
      }
      if (more === 0) firstLeftOut = finding.seq;
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

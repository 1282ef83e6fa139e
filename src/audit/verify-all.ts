import type { QuoteId } from '../lib/ids.ts';
import type { Result } from '../lib/result.ts';
import { type Heads, newestHead } from '../log/heads.ts';
import type { Log } from '../log/log.ts';
import type { NoteKey } from '../log/signed-note.ts';
import type { Tombstone } from '../log/tombstone.ts';
import { type HeadReport, checkKeptHead } from './check-kept-head.ts';
import { believedTombstones } from './check-tombstone.ts';
import type { OpenedHead } from './head-file.ts';
import type { PolicyFinding, StrayRows } from './sqlite-stray-rows.ts';
import { verifyGone } from './verify-gone.ts';
import { type Progress, type Verification, type VerifiedLog, verifyQuotes } from './verify.ts';

/** A database, as far as all that it says can be verified. */
export interface VerifiedData {
  readonly log: VerifiedLog & Pick<Log, 'tombstones'>;
  readonly strayRows: StrayRows;
  readonly heads: Pick<Heads, 'newest' | 'leaves'>;
  /** That these tombstones may be signed by. */
  keysOf(tombstones: readonly Tombstone[]): readonly NoteKey[];
  /** Quotes of which it holds anything but a tombstone. */
  quoteIds(): readonly QuoteId[];
}

export interface VerifyQuery {
  /** Null for all quotes, and the policies too. */
  readonly quote: QuoteId | null;
  /** A head that was kept elsewhere, opened with keys that were. */
  readonly head: Result<OpenedHead> | null;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** `ok` counts everything; the head is null where none was given. */
export interface WholeVerification extends Verification {
  readonly policies: readonly PolicyFinding[];
  readonly head: HeadReport | null;
}

/**
 * Everything that can be said of a database, or of one quote in it: the quotes that it holds, those that were purged, those that only
 * a signed head still knows of, the policies, and what a head kept elsewhere says. Null where nothing knows of the
 * quote that is asked for.
 */
export async function verifyAll(
  { log, strayRows, heads, keysOf, quoteIds }: VerifiedData,
  { quote: asked, head, onProgress }: VerifyQuery,
): Promise<WholeVerification | null> {
  // Before the quotes: each that it covers was there by then.
  const newest = await newestHead(heads);
  const covered = new Map(newest?.leaves.map((leaf) => [leaf.quote, leaf]));
  const tombstones = await log.tombstones();
  const keys = keysOf(tombstones);
  const known = quoteIds();

  const purged = new Set(tombstones.map(({ quote }) => quote));
  const inHead = head?.ok === true ? head.value.leaves.map(({ quote }) => quote) : [];
  const all = new Set([...known, ...purged, ...covered.keys(), ...inHead]);
  if (asked !== null && !all.has(asked)) return null;

  const isAsked = (quote: QuoteId): boolean => asked === null || quote === asked;
  const living = known.filter((quote) => isAsked(quote) && !purged.has(quote));
  const verified = await verifyQuotes({ ...log, strayRows }, living, onProgress);
  const left = [...purged].filter((quote) => strayRows.isLeft(quote));
  const gone = verifyGone({ tombstones, keys, covered, known: new Set([...known, ...left]) });
  const quotes = [...verified.quotes, ...gone.filter(({ quote }) => isAsked(quote))].toSorted((a, b) =>
    a.quote < b.quote ? -1 : 1,
  );
  const policies = asked === null ? strayRows.policies() : [];
  const believed = believedTombstones(tombstones, keys);
  const report =
    head === null ? null : await checkKeptHead(log, head, { asked, known, tombstones: believed });
  return {
    ok: quotes.every(({ ok }) => ok) && policies.length === 0 && report?.ok !== false,
    quotes,
    policies,
    head: report,
  };
}

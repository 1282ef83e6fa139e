import type { QuoteId } from '../lib/ids.ts';
import type { HeadLeaf } from '../log/head-tree.ts';
import type { NoteKey } from '../log/signed-note.ts';
import type { Tombstone } from '../log/tombstone.ts';
import { checkTombstone } from './check-tombstone.ts';
import { problemOf } from './finding.ts';
import type { QuoteVerification } from './verify.ts';

/** Quotes without entries to verify: those that were purged, and those that only a signed head still knows of. */
export interface GoneQuotes {
  readonly tombstones: readonly Tombstone[];
  /** That the tombstones may be signed by. */
  readonly keys: readonly NoteKey[];
  /** What the newest signed head that the database holds says of each quote. */
  readonly covered: ReadonlyMap<QuoteId, HeadLeaf>;
  /** Quotes of which the database holds anything else; read after `covered`, so that each of those was there by then. */
  readonly known: ReadonlySet<QuoteId>;
}

export function verifyGone({ tombstones, keys, covered, known }: GoneQuotes): QuoteVerification[] {
  const purged = new Set(tombstones.map(({ quote }) => quote));
  return [
    ...tombstones.map((tombstone) => {
      const { quote } = tombstone;
      return verifyPurged(tombstone, { keys, leaf: covered.get(quote), isLeft: known.has(quote) });
    }),
    ...[...covered.values()]
      .filter(({ quote }) => !known.has(quote) && !purged.has(quote))
      .map(verifyVanished),
  ];
}

function verifyPurged(
  tombstone: Tombstone,
  witnesses: Parameters<typeof checkTombstone>[1],
): QuoteVerification {
  const { purged, findings } = checkTombstone(tombstone, witnesses);
  const problems = findings.map(problemOf);
  const ok = problems.length === 0;
  return { quote: tombstone.quote, entries: 0, ok, problems, ...(purged !== null && { purged }) };
}

function verifyVanished({ quote, seq }: HeadLeaf): QuoteVerification {
  const message =
    `quote ${quote} is not in the database, and no tombstone says that it was purged; a signed head that the database ` +
    `holds covers its entries 1 to ${seq}`;
  return { quote, entries: 0, ok: false, problems: [{ seq, kind: 'missing', message }] };
}

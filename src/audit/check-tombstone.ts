import { hexOf, isSameBytes } from '../lib/bytes.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { HeadLeaf } from '../log/head-tree.ts';
import { type NoteKey, keyName } from '../log/signed-note.ts';
import { type OpenedTombstone, type Tombstone, openTombstone } from '../log/tombstone.ts';
import type { Finding } from './finding.ts';

/**
 * Does a tombstone stand for a quote that was purged, and for all of it? It must be signed by a key of this log, what heads say of
 * the quote must not contradict it, and nothing of the quote may be left. The entries themselves are no longer there to be
 * checked: the bundle that the tombstone names has them, and their last hash is that of the tombstone.
 */
export interface PurgedQuote {
  /** ms since 1970 */
  readonly at: number;
  /** Its last entry. */
  readonly seq: number;
  /** Of its last entry, hex. */
  readonly hash: string;
  readonly by: string;
  readonly why: string;
  /** SHA-256 of the manifest of the bundle that it was exported to, hex. */
  readonly bundle: string;
  /** `NAME+ID`, as `audit key` prints it. */
  readonly signedBy: string;
}

export interface TombstoneCheck {
  /** Null where its signature is not good. */
  readonly purged: PurgedQuote | null;
  readonly findings: readonly Finding[];
}

interface TombstoneWitnesses {
  readonly keys: readonly NoteKey[];
  /** What the newest signed head says of the quote. */
  readonly leaf: HeadLeaf | undefined;
  /** Whether the database holds anything else of the quote. */
  readonly isLeft: boolean;
}

export function checkTombstone(
  tombstone: Tombstone,
  { keys, leaf, isLeft }: TombstoneWitnesses,
): TombstoneCheck {
  const { quote, seq } = tombstone;
  const findings: Finding[] = [];
  const find = (message: string): void => void findings.push({ seq, kind: 'tombstone', message });
  const opened = openTombstone(tombstone, keys);
  if (!opened.ok) find(`the tombstone of quote ${quote} is not what was signed: ${opened.reason}`);
  const contradiction = leaf === undefined ? null : contradictionOf(tombstone, leaf);
  if (contradiction !== null) find(contradiction);
  if (isLeft) find(`quote ${quote} has a tombstone, but rows of it are in the database`);
  return { purged: opened.ok ? describe(opened.value) : null, findings };
}

/** What a head covers must be the tombstone's last entry, or one before it: those only the bundle can tell. */
export function contradictionOf(
  { quote, seq, hash }: Pick<Tombstone, 'quote' | 'seq' | 'hash'>,
  leaf: HeadLeaf,
): string | null {
  if (leaf.seq > seq)
    return `quote ${quote} was purged with ${seq} entries, and a signed head covers ${leaf.seq}`;
  if (leaf.seq < seq || isSameBytes(leaf.hash, hash)) return null;
  return `the last entry of quote ${quote}, which was purged, had another hash than a signed head says`;
}

/** Those with a good signature: what they say of their quotes is to be believed. */
export const believedTombstones = (
  tombstones: readonly Tombstone[],
  keys: readonly NoteKey[],
): ReadonlyMap<QuoteId, Tombstone> =>
  new Map(tombstones.filter((one) => openTombstone(one, keys).ok).map((one) => [one.quote, one] as const));

const describe = ({ at, seq, hash, by, why, bundle, key }: OpenedTombstone): PurgedQuote => ({
  at,
  seq,
  hash: hexOf(hash),
  by,
  why,
  bundle,
  signedBy: keyName(key),
});

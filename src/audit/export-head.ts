import { hexOf } from '../lib/bytes.ts';
import type { QuoteId } from '../lib/ids.ts';
import { leafLine, proofsOfLines } from '../log/head-tree.ts';
import { type Heads, newestHead } from '../log/heads.ts';
import { type NoteKey, formatNoteKey, keyName, signersOf } from '../log/signed-note.ts';

/**
 * The newest signed head as files of a bundle, for some quotes only: `head.txt` is the signed note, `keys.txt` the public keys that
 * this log ever signed with, and a line of `proofs.jsonl` says which entry of a quote the head covers, with the
 * inclusion proof (RFC 6962, section 2.1.1) that leads from there to the root in the note. So whoever gets one quote can check it without
 * being told the names of the others.
 */
export interface ExportedHead {
  readonly note: string;
  readonly about: HeadSummary;
  readonly covered: readonly QuoteId[];
  /** The record of a quote, or null where it has no entry that the head covers. */
  proofJson(quote: QuoteId): string | null;
}

/** What the manifest says of it. */
export interface HeadSummary {
  readonly number: number;
  readonly at: string;
  /** `NAME+ID`, as in the lines of `keys.txt`. */
  readonly signedBy: readonly string[];
}

/** Null where no head was signed. */
export async function exportHead(heads: Pick<Heads, 'newest' | 'leaves'>): Promise<ExportedHead | null> {
  const head = await newestHead(heads);
  if (head === null) return null;
  const { leaves } = head;
  const indexes = new Map(leaves.map(({ quote }, index) => [quote, index]));
  const proofOf = proofsOfLines(leaves.map(leafLine));
  return {
    note: head.note,
    about: {
      number: head.n,
      at: new Date(head.at).toISOString(),
      signedBy: signersOf(head.note).map(keyName),
    },
    covered: leaves.map(({ quote }) => quote),
    proofJson(quote) {
      const index = indexes.get(quote);
      const leaf = index === undefined ? undefined : leaves[index];
      if (index === undefined || leaf === undefined) return null;
      const path = proofOf(index).map(hexOf);
      return `${JSON.stringify({ quote, seq: leaf.seq, hash: hexOf(leaf.hash), index, path })}\n`;
    },
  };
}

export const keyLines = (keys: readonly NoteKey[]): string =>
  keys.map((key) => `${formatNoteKey(key)}\n`).join('');

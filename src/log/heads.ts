import { Fault } from '../lib/fault.ts';
import type { HeadLeaf } from './head-tree.ts';

/**
 * The signed heads of a log, each a signed note whose text names the newest entries of all quotes at one moment (see
 * `head-text.ts`), numbered 1, 2, 3 ... With a head only the leaves that changed are stored, so that it costs what
 * changed; the leaves of any head are the newest of each quote up to it. What was stored is never changed.
 *
 * They are kept to be given out: a head proves something only where it was kept elsewhere, out of reach of whoever can
 * change the database.
 */
export interface Heads {
  /**
   * Appends the next head, with the leaves that are new or changed since the one before. Throws `Fault` with code
   * `heads_fenced` where its number is not the next one, `heads_unavailable` (retryable) where nothing could be stored.
   */
  append(head: StoredHead, changed: readonly HeadLeaf[]): Promise<void>;
  newest(): Promise<StoredHead | null>;
  /** What head `n` covers, in the order of the quotes' ids. */
  leaves(n: number): Promise<HeadLeaf[]>;
}

export interface StoredHead {
  readonly n: number;
  /** ms since 1970 */
  readonly at: number;
  /** The signed note, whole. */
  readonly note: string;
}

/** A head with all that it covers, in the order of the quotes' ids. */
export interface SignedHead extends StoredHead {
  readonly leaves: readonly HeadLeaf[];
}

/** Null where none was signed. */
export async function newestHead(heads: Pick<Heads, 'newest' | 'leaves'>): Promise<SignedHead | null> {
  const head = await heads.newest();
  return head === null ? null : withLeaves(heads, head);
}

export const withLeaves = async (heads: Pick<Heads, 'leaves'>, head: StoredHead): Promise<SignedHead> => ({
  ...head,
  leaves: await heads.leaves(head.n),
});

export const headsFenced = (n: number, cause?: unknown): Fault =>
  new Fault({
    code: 'heads_fenced',
    message: `head ${n} is not the one after the newest: another process signs heads of this log too; stop that one`,
    retryable: false,
    cause,
  });

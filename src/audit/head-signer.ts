import { isSameBytes } from '../lib/bytes.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { formatHeadText } from '../log/head-text.ts';
import { type HeadLeaf, createHeadTree } from '../log/head-tree.ts';
import { type Heads, type SignedHead, type StoredHead, newestHead, withLeaves } from '../log/heads.ts';
import type { Log } from '../log/log.ts';
import { type NoteSigner, keyName, signNote, signersOf } from '../log/signed-note.ts';
import type { Tombstone } from '../log/tombstone.ts';
import { checkHead } from './check-head.ts';

/**
 * Signs heads while a server runs: after 100 entries, or 10 s after the first one that none covers, when somebody asks, and at the
 * end. It follows the log's appends, so what it signs is durable, and what was acknowledged before somebody asked is
 * covered; an edit waits for none of it.
 *
 * - A head costs what changed: the tree is kept, and only the leaves that changed are stored. Two heads that nobody asked for are at
 *   least 100 ms apart: with more than 1,000 entries a second they cover more than 100 each.
 * - What could not be stored is covered by the next head, which is tried again after 10 s.
 * - If the log does not hold what its newest head covers, somebody changed it: nothing is signed then, so that no
 *   head ever vouches for it.
 */
export interface HeadSigner {
  /** The same log; appends that go through it are covered. */
  watched(log: Log): Log;
  /** A head that covers all that is durable now: the newest one where nothing came after it. */
  sign(): Promise<SignedHead>;
  newest(): Promise<SignedHead | null>;
  /** Signs what is left. May be called twice. */
  close(): Promise<void>;
}

export interface HeadSignerDeps {
  readonly heads: Heads;
  readonly log: Pick<Log, 'entries' | 'head'>;
  readonly signer: NoteSigner;
  /** Of purged quotes, with good signatures: heads go on to cover the entries that they stand for. */
  readonly tombstones?: ReadonlyMap<QuoteId, Tombstone>;
  /** ms since 1970 */
  readonly now: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly report: (error: unknown) => void;
}

export const HEAD_ENTRIES_MAX = 100;
export const HEAD_MS = 10_000;
const HEAD_PAUSE_MS = 100;

/** `inLog`: the newest entry of every quote of the log, which nobody else writes to. */
export async function openHeadSigner(deps: HeadSignerDeps, inLog: readonly HeadLeaf[]): Promise<HeadSigner> {
  const entries = [...inLog, ...purgedLeaves(deps, inLog)];
  const { heads, signer, now, later, report } = deps;
  const tree = createHeadTree();
  for (const leaf of entries) tree.put(leaf);
  const found = await newestHead(heads);
  const start = await compare(deps, found, entries);
  if (start.fault !== null) report(start.fault);

  let newest: StoredHead | null = found;
  /** The newest entries that no head covers. */
  let uncovered = new Map<QuoteId, HeadLeaf>(start.changed.map((leaf) => [leaf.quote, leaf]));
  let uncoveredEntries = 0;
  let isDue = newest === null || !isSignedBy(newest, signer);
  let due: { readonly isSoon: boolean; readonly cancel: () => void } | null = null;
  let inOrder: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | null = null;

  function schedule(): void {
    const isSoon = uncoveredEntries >= HEAD_ENTRIES_MAX;
    if (closing !== null || start.fault !== null || (due !== null && (due.isSoon || !isSoon))) return;
    due?.cancel();
    const pause = Math.min(HEAD_PAUSE_MS, Math.max(0, (newest?.at ?? 0) + HEAD_PAUSE_MS - now()));
    due = { isSoon, cancel: later(isSoon ? pause : HEAD_MS, signDue) };
  }

  function signDue(): void {
    due = null;
    inTurn(signNewest).catch(report);
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = inOrder.then(work);
    inOrder = done.catch(() => undefined);
    return done;
  }

  async function signNewest(): Promise<StoredHead> {
    if (start.fault !== null) throw start.fault;
    if (newest !== null && uncovered.size === 0 && !isDue) return newest;
    due?.cancel();
    due = null;
    const covered = uncovered;
    uncovered = new Map();
    uncoveredEntries = 0;
    const changed = [...covered.values()].map(({ quote, seq, hash }) => ({ quote, seq, hash }));
    for (const leaf of changed) tree.put(leaf);
    const n = (newest?.n ?? 0) + 1;
    const at = Math.max(now(), newest?.at ?? 0);
    const text = formatHeadText({ origin: signer.name, size: tree.size, root: await tree.root(), n, at });
    const head = { n, at, note: signNote(text, signer) };
    try {
      await heads.append(head, changed);
    } catch (error) {
      uncovered = new Map([...covered, ...uncovered]);
      uncoveredEntries = 0;
      schedule();
      throw error;
    }
    newest = head;
    isDue = false;
    if (uncovered.size > 0) schedule();
    return head;
  }

  async function signLast(): Promise<void> {
    due?.cancel();
    await inTurn(signNewest).catch((error: unknown) => {
      if (error !== start.fault) report(error);
    });
  }

  if (uncovered.size > 0 || isDue) schedule();

  return {
    watched: (log) => ({
      ...log,
      async append(appended, summaries) {
        await log.append(appended, summaries);
        for (const entry of appended) uncovered.set(entry.quote, entry);
        uncoveredEntries += appended.length;
        schedule();
      },
    }),
    sign: () => inTurn(signNewest).then((head) => withLeaves(heads, head)),
    newest: () => newestHead(heads),
    close: () => (closing ??= signLast()),
  };
}

/** A quote that has entries is not purged, whatever a tombstone says. */
function purgedLeaves({ tombstones }: HeadSignerDeps, inLog: readonly HeadLeaf[]): readonly HeadLeaf[] {
  if (tombstones === undefined || tombstones.size === 0) return [];
  const living = new Set(inLog.map(({ quote }) => quote));
  return [...tombstones.values()].filter(({ quote }) => !living.has(quote));
}

/** Which entries the newest head does not cover, and whether the log still holds those that it does. */
async function compare(
  { log, tombstones }: HeadSignerDeps,
  newest: SignedHead | null,
  entries: readonly HeadLeaf[],
): Promise<{ readonly changed: readonly HeadLeaf[]; readonly fault: Fault | null }> {
  const leaves = newest?.leaves ?? [];
  const covered = new Map(leaves.map((leaf) => [leaf.quote, leaf]));
  const same = new Set<QuoteId>();
  for (const { quote, seq, hash } of entries) {
    const leaf = covered.get(quote);
    if (leaf !== undefined && leaf.seq === seq && isSameBytes(leaf.hash, hash)) same.add(quote);
  }
  const others = leaves.map(({ quote }) => quote).filter((quote) => !same.has(quote));
  const { problems } = await checkHead(log, leaves, others, tombstones);
  const [problem] = problems;
  return {
    changed: entries.filter(({ quote }) => !same.has(quote)),
    fault: problem === undefined ? null : contradicted(problem.message, newest?.n ?? 0),
  };
}

const contradicted = (what: string, n: number): Fault =>
  new Fault({
    code: 'heads_contradicted',
    message:
      `the log was changed after head ${n} was signed (${what}); no head is signed any more: run "quoteroom audit ` +
      'verify", and restore the data folder from a backup',
    retryable: false,
  });

const isSignedBy = ({ note }: StoredHead, signer: NoteSigner): boolean =>
  signersOf(note).some((key) => keyName(key) === keyName(signer));

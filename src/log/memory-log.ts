import { assert } from '../lib/assert.ts';
import { isSameBytes } from '../lib/bytes.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { GENESIS_HASH, policyHash } from './entry-hash.ts';
import type { Checkpoint, Entry, Log, QuoteQuery, QuoteSummary } from './log.ts';
import type { Tombstone } from './tombstone.ts';
import { type ListPlace, foldCase, formatPlace, parsePlace, searchTextOf } from './quote-list.ts';

/** The log in memory, for tests: all rules of the port, durable until the process ends. */
export function createMemoryLog(): Log {
  const entriesOf = new Map<QuoteId, Entry[]>();
  const summaries = new Map<QuoteId, QuoteSummary>();
  const policies = new Map<string, string>();
  const checkpointsOf = new Map<QuoteId, Map<number, Checkpoint>>();
  const tombstones = new Map<QuoteId, Tombstone>();

  function append(entries: readonly Entry[]): void {
    const last = new Map<QuoteId, Entry>();
    for (const entry of entries) {
      if (tombstones.has(entry.quote)) throw fenced(`quote ${entry.quote} was purged`);
      requireSuccessor(entry, last.get(entry.quote) ?? entriesOf.get(entry.quote)?.at(-1));
      assert(policies.has(entry.policy), 'the policy of an entry is stored before it');
      last.set(entry.quote, entry);
    }
    for (const entry of entries) {
      const stored = entriesOf.get(entry.quote);
      if (stored === undefined) entriesOf.set(entry.quote, [entry]);
      else stored.push(entry);
    }
  }

  return {
    append: async (entries, changed) => {
      append(entries);
      for (const summary of changed) summaries.set(summary.id, summary);
    },
    head: async (quote) => {
      const last = entriesOf.get(quote)?.at(-1);
      return last === undefined ? null : { seq: last.seq, at: last.at, hash: last.hash };
    },
    entries: async (quote, { after, limit }) => (entriesOf.get(quote) ?? []).slice(after, after + limit),
    decisions: async (quote, { after, limit }) => (entriesOf.get(quote) ?? []).slice(after, after + limit),

    savePolicy: async ({ hash, json }) => {
      assert(policyHash(json) === hash, 'a policy is stored under its hash');
      policies.set(hash, json);
    },
    policy: async (hash) => policies.get(hash) ?? null,

    saveCheckpoint: async (checkpoint, replaces) => {
      const bySeq = checkpointsOf.get(checkpoint.quote) ?? new Map<number, Checkpoint>();
      if (replaces !== undefined) bySeq.delete(replaces);
      checkpointsOf.set(checkpoint.quote, bySeq.set(checkpoint.seq, checkpoint));
    },
    checkpoint: async (quote, atMost = Number.MAX_SAFE_INTEGER) => {
      const checkpoints = [...(checkpointsOf.get(quote)?.values() ?? [])].filter(({ seq }) => seq <= atMost);
      return checkpoints.toSorted((a, b) => a.seq - b.seq).at(-1) ?? null;
    },

    quotes: async (query) => pageOf(summaries.values(), query),
    summary: async (quote) => summaries.get(quote) ?? null,

    async purge(tombstone) {
      const { quote, seq, hash } = tombstone;
      const last = entriesOf.get(quote)?.at(-1);
      if (last?.seq !== seq || !isSameBytes(last.hash, hash))
        throw fenced(`the tombstone does not name the newest entry of quote ${quote}`);
      tombstones.set(quote, tombstone);
      for (const stored of [entriesOf, summaries, checkpointsOf]) stored.delete(quote);
    },
    tombstone: async (quote) => tombstones.get(quote) ?? null,
    tombstones: async () => [...tombstones.values()].toSorted((a, b) => (a.quote < b.quote ? -1 : 1)),

    close: async () => {},
  };
}

function requireSuccessor(entry: Entry, last: Entry | undefined): void {
  const isSuccessor =
    entry.seq === (last?.seq ?? 0) + 1 &&
    Buffer.compare(entry.previousHash, last?.hash ?? GENESIS_HASH) === 0;
  if (!isSuccessor) {
    throw fenced(`another writer appended to quote ${entry.quote}: load it from the log again`);
  }
  assert(entry.at >= (last?.at ?? 0), 'an entry is not older than the one before');
}

const fenced = (message: string): Fault => new Fault({ code: 'log_fenced', message, retryable: false });

function pageOf(
  summaries: Iterable<QuoteSummary>,
  query: QuoteQuery,
): { quotes: QuoteSummary[]; next: string | null } {
  const place = query.after === undefined ? undefined : parsePlace(query.after);
  if (place === null) return { quotes: [], next: null };
  const found = [...summaries]
    .filter(
      (summary) =>
        answers(summary, query) && (place === undefined || newestFirst(placeOf(summary), place) > 0),
    )
    .toSorted((a, b) => newestFirst(placeOf(a), placeOf(b)));
  const quotes = found.slice(0, query.limit);
  const last = quotes.at(-1);
  return { quotes, next: last !== undefined && found.length > query.limit ? formatPlace(last) : null };
}

const answers = (summary: QuoteSummary, { text, status, ids }: QuoteQuery): boolean =>
  (text === undefined || searchTextOf(summary).includes(foldCase(text))) &&
  (status === undefined || summary.status === status) &&
  (ids === undefined || ids.includes(summary.id));

const placeOf = (summary: QuoteSummary): ListPlace => ({ at: summary.lastChange.at, id: summary.id });

const newestFirst = (a: ListPlace, b: ListPlace): number =>
  b.at - a.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

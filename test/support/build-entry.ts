import type { CellId, QuoteId, UserId } from '../../src/lib/ids.ts';
import type { WriteVerdict } from '../../src/authority/verdict.ts';
import { GENESIS_HASH, policyHash, sealEntry } from '../../src/log/entry-hash.ts';
import type { Checkpoint, Entry, EntryDraft, QuoteSummary, StoredPolicy } from '../../src/log/log.ts';

/** Builders of log records: valid ones, to be changed where a test cares. */

const POLICY_JSON = '{"conflict":"authority"}';
export const storedPolicy: StoredPolicy = { hash: policyHash(POLICY_JSON), json: POLICY_JSON, at: 1_000 };

export const quoteId = (id: string): QuoteId => id as QuoteId;
export const userId = (id: string): UserId => id as UserId;

export const buildWrite = (change: Partial<WriteVerdict> = {}): WriteVerdict => ({
  cell: 'lineItems/l1/quantity' as CellId,
  operation: 'update',
  before: '1',
  offered: '2',
  applied: '2',
  verdict: 'accepted',
  reason: null,
  by: null,
  ...change,
});

export const buildDraft = (change: Partial<EntryDraft> = {}): EntryDraft => ({
  quote: quoteId('q1'),
  seq: 1,
  at: 1_700_000_000_000,
  actor: { user: userId('ann'), role: 'sales_rep', permission: 'editor' },
  session: 's1',
  connection: 'c1',
  origin: 'browser',
  kind: 'update',
  clocks: [{ client: 7, clock: 0, length: 2 }],
  received: Uint8Array.of(1, 2, 3),
  merged: Uint8Array.of(1, 2),
  policy: storedPolicy.hash,
  gateVersion: 1,
  seen: { kind: 'connection', revision: 0 },
  activeEdits: [],
  aliases: [],
  writes: [buildWrite()],
  ...change,
});

/** Entries 1 to `count` of one quote, each after the one before, a second apart. */
export function buildChain(quote: string, count: number, change: Partial<EntryDraft> = {}): Entry[] {
  const entries: Entry[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const at = 1_700_000_000_000 + seq * 1_000;
    const draft = buildDraft({ quote: quoteId(quote), seq, at, ...change });
    entries.push(sealEntry(draft, entries.at(-1)?.hash ?? GENESIS_HASH));
  }
  return entries;
}

export const buildSummary = (id: string, change: Partial<QuoteSummary> = {}): QuoteSummary => ({
  id: quoteId(id),
  title: 'Bolts',
  customer: 'ACME',
  status: 'draft',
  owner: 'ann',
  currency: 'EUR',
  total: '12.50',
  seq: 1,
  createdBy: 'ann',
  lastChange: { at: 1_000, by: 'ann', cell: 'fields/title' },
  ...change,
});

export const buildCheckpoint = (quote: string, seq: number): Checkpoint => ({
  quote: quoteId(quote),
  seq,
  gateVersion: 1,
  state: Uint8Array.of(1, seq),
  snapshot: '{"fields":{}}',
  memory: Uint8Array.of(2, seq),
  hash: new Uint8Array(32).fill(seq),
});

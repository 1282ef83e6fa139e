import type { CellId, QuoteId, UserId } from '../../src/lib/ids.ts';
import { createCheckpoint, openCheckpoint, sealCheckpoint } from '../../src/log/checkpoint.ts';
import { GENESIS_HASH, policyHash, sealEntry } from '../../src/log/entry-hash.ts';
import type { Checkpoint, Entry, EntryDraft, Log, QuoteSummary, StoredPolicy } from '../../src/log/log.ts';
import { type Gate, createGate } from '../../src/authority/gate.ts';
import { type GateVersion, GATE_VERSION } from '../../src/authority/gate-version.ts';
import type { ActiveEdit } from '../../src/authority/verdict.ts';
import { viewOf } from '../../src/authority/active-edits.ts';
import { priceQuote } from '../../src/quote/pricing.ts';
import { readSnapshot } from '../../src/quote/snapshot.ts';
import { present } from '../../src/lib/assert.ts';
import { type Star, createStar, policyOf } from './star.ts';

/** What a log holds of one quote, as plain lists that a test may tamper with before somebody reads them. */
export interface Recorded {
  readonly quote: QuoteId;
  entries: Entry[];
  checkpoints: Checkpoint[];
  policies: StoredPolicy[];
  summary: QuoteSummary | null;
}

/** A minute of work: a rep, a manager and an admin, with refusals, a correction, an active edit, notes and deletions. */
export function playSession(): Star {
  let editing: ActiveEdit[] = [];
  const star = createStar({ policy: policyOf(), activeEdits: () => viewOf(editing) });
  const rep = star.join({ user: 'rita', role: 'sales_rep', clientId: 11 });
  const manager = star.join({ user: 'max', role: 'sales_manager', clientId: 12 });
  const set = (who: typeof rep, cells: Record<string, unknown>): void => {
    who.doc.transact(() => {
      for (const [cell, value] of Object.entries(cells)) {
        const [root = '', ...key] = cell.split('/');
        who.doc.getMap(root).set(key.join('/'), value);
      }
    });
  };
  const line = {
    'lineItems/l1/position': 'a0',
    'lineItems/l1/quantity': '2',
    'lineItems/l1/unitPrice': '10.00',
  };
  set(rep, { 'fields/title': 'Bolts', 'fields/currency': 'EUR', ...line });
  star.settle();
  // Two who did not see each other: the manager's title stays.
  set(manager, { 'fields/title': 'Bolts for ACME' });
  set(rep, { 'fields/title': 'Nuts' });
  star.up(manager);
  star.up(rep);
  star.settle();
  // Over a rep's limit.
  set(rep, { 'lineItems/l1/discountPercent': '50' });
  star.settle();
  set(manager, {
    'lineItems/l1/discountPercent': '15',
    'discounts/d1/position': 'a0',
    'discounts/d1/value': '5',
  });
  star.settle();
  rep.doc.getText('note/n1').insert(0, 'call them');
  set(rep, { 'notes/n1/position': 'a0' });
  star.settle();
  editing = [{ user: 'ada' as UserId, role: 'admin', cell: 'fields/customer' as ActiveEdit['cell'] }];
  set(rep, { 'fields/customer': 'ACME' });
  star.settle();
  editing = [];
  rep.doc.getMap('lineItems').delete('l1/quantity');
  star.settle();
  set(rep, { 'lineItems/l1/quantity': '3' });
  star.settle();
  return star;
}

/**
 * Two equals who meet twice in a cell that holds ties. Version 1 of the gate decides the first four entries, and lets the second
 * of the two write on; version 2 decides the rest, where the conflict is open until somebody chooses.
 */
export function playUpgrade(): Star {
  let version: GateVersion = 1;
  const policy = policyOf({ rules: [{ cells: 'fields/*', tie: 'hold' }] });
  const star = createStar({ policy, versionNow: () => version });
  const ann = star.join({ user: 'ann', role: 'sales_rep', clientId: 11 });
  const bob = star.join({ user: 'bob', role: 'sales_rep', clientId: 12 });
  const meet = (): void => {
    ann.doc.getMap('fields').set('title', 'Ann');
    bob.doc.getMap('fields').set('title', 'Bob');
    star.up(ann);
    star.up(bob);
    star.settle();
    bob.doc.getMap('fields').set('title', 'Bob again');
    star.settle();
  };
  meet();
  ann.doc.getMap('fields').set('customer', 'ACME');
  star.settle();
  version = 2;
  meet();
  star.choose(ann.person, { kind: 'settle', cell: 'fields/title' as CellId, value: 'Both' });
  meet();
  return star;
}

/** The star's history as the room would have stored it, with checkpoints after these entries and one at the end. */
export function record(star: Star, quote = 'q1', checkpointed: readonly number[] = [4]): Recorded {
  const id = quote as QuoteId;
  const policy = { hash: policyHash(star.policy.json), json: star.policy.json, at: 1_000 };
  let gate = createGate();
  const entries: Entry[] = [];
  const checkpoints: Checkpoint[] = [];
  for (const { submission, outcome } of star.history) {
    if (outcome.kind !== 'judged') continue;
    gate.submit({ ...submission, activeEdits: viewOf(outcome.activeEdits) });
    const draft: EntryDraft = {
      quote: id,
      seq: outcome.seq,
      at: 1_700_000_000_000 + outcome.seq * 1_000,
      actor: submission.actor,
      session: 's1',
      connection: `c-${submission.actor.user}`,
      origin: 'browser',
      kind: submission.kind,
      clocks: outcome.clocks,
      received: submission.update,
      merged: outcome.merged,
      policy: policy.hash,
      gateVersion: submission.gateVersion ?? GATE_VERSION,
      seen: submission.seen,
      activeEdits: outcome.activeEdits,
      aliases: outcome.aliases,
      writes: outcome.verdicts,
    };
    entries.push(sealEntry(draft, entries.at(-1)?.hash ?? GENESIS_HASH));
    if (checkpointed.includes(outcome.seq)) {
      const checkpoint = createCheckpoint(id, gate);
      checkpoints.push(sealCheckpoint({ ...checkpoint, gateVersion: draft.gateVersion }));
      gate = openCheckpoint(checkpoint);
    }
  }
  checkpoints.push(createCheckpoint(id, gate));
  return {
    quote: id,
    entries,
    checkpoints,
    policies: [policy],
    summary: summaryAfter(entries, gate),
  };
}

/** As the room would have left it in the list of quotes. */
function summaryAfter(entries: readonly Entry[], gate: Gate): QuoteSummary {
  const [first] = entries;
  const changes = entries.map(({ at, actor, writes }) => ({
    at,
    by: actor.user,
    cell: writes.findLast(({ verdict }) => verdict === 'accepted')?.cell ?? null,
    isRefused: writes.length > 0 && writes.every(({ verdict }) => verdict !== 'accepted'),
  }));
  const lastChange = changes.findLast(({ isRefused }) => !isRefused) ?? changes[0];
  const field = (name: string): string => String(gate.doc.getMap('fields').get(name) ?? '');
  return {
    id: present(first, 'there is an entry').quote,
    title: field('title'),
    customer: field('customer'),
    status: field('status'),
    owner: field('owner'),
    currency: field('currency'),
    total: priceQuote(readSnapshot(gate.doc)).total,
    seq: entries.length,
    createdBy: present(first, 'there is an entry').actor.user,
    lastChange: {
      at: lastChange?.at ?? 0,
      by: lastChange?.by ?? '',
      cell: lastChange?.cell ?? null,
    },
  };
}

/** The part of the port that an audit reads, over what is recorded, whatever state it is in. */
export function logOf(
  recorded: Recorded,
): Pick<Log, 'entries' | 'head' | 'checkpoint' | 'policy' | 'summary'> {
  const newest = <T extends { readonly seq: number }>(items: readonly T[], atMost = Infinity): T | null =>
    items.filter(({ seq }) => seq <= atMost).toSorted((a, b) => b.seq - a.seq)[0] ?? null;
  return {
    entries: async (_quote, { after, limit }) =>
      recorded.entries
        .filter(({ seq }) => seq > after)
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit),
    head: async () => newest(recorded.entries),
    checkpoint: async (_quote, atMost) => newest(recorded.checkpoints, atMost),
    policy: async (hash) => recorded.policies.find((policy) => policy.hash === hash)?.json ?? null,
    summary: async () => recorded.summary,
  };
}

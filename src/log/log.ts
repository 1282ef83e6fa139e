import type { QuoteId } from '../lib/ids.ts';
import type { Actor, Origin } from '../authority/actor.ts';
import type { ActiveEdit, Alias, ClockRange, Seen, WriteVerdict } from '../authority/verdict.ts';
import type { Tombstone } from './tombstone.ts';

/**
 * The append-only log of every quote. An entry is one attempt to change a quote, with everything the gate
 * looked at when it decided, so that the same gate can decide it again. Entries are numbered 1, 2, 3 ... per
 * quote without holes, and each holds the hash of the one before (see `entry-hash.ts`).
 *
 * Adapters store and fetch; they decide nothing. An append is durable when its promise resolves, and
 * all entries of one append become durable together or not at all.
 */
export interface Log {
  /**
   * Appends entries of any number of quotes in one transaction, with the new summary of each of these quotes.
   * Throws `Fault` with code `log_fenced` when an entry is not the direct successor of its quote's last one
   * (another writer was there), `log_unavailable` (retryable) when the store cannot write and has stored nothing,
   * `log_untrusted` when the disk did not take what was written: only a restart tells what is there.
   */
  append(entries: readonly Entry[], summaries: readonly QuoteSummary[]): Promise<void>;
  /** The last entry's place and hash, or null for an unknown quote. */
  head(quote: QuoteId): Promise<Head | null>;
  /** Entries with `seq > after` in order, at most `limit`. */
  entries(quote: QuoteId, range: { after: number; limit: number }): Promise<Entry[]>;
  /** The same entries, of each only what it takes to decide it again: much cheaper to read. */
  decisions(quote: QuoteId, range: { after: number; limit: number }): Promise<Decision[]>;

  /** Keeps a policy's canonical JSON for good, under its SHA-256 in hex. Storing it again does nothing. */
  savePolicy(policy: StoredPolicy): Promise<void>;
  policy(hash: string): Promise<string | null>;

  /** Keeps a checkpoint; with `replaces` in place of the one after that entry. */
  saveCheckpoint(checkpoint: Checkpoint, replaces?: number): Promise<void>;
  /** The newest checkpoint with `seq <= atMost` (default: any). */
  checkpoint(quote: QuoteId, atMost?: number): Promise<Checkpoint | null>;

  /** Summaries by last change, newest first; `after` is the `next` of the page before. */
  quotes(query: QuoteQuery): Promise<{ quotes: QuoteSummary[]; next: string | null }>;
  summary(quote: QuoteId): Promise<QuoteSummary | null>;

  /**
   * Deletes a quote with all its entries for good, and keeps the tombstone in their place: nothing is ever appended to it again.
   * Throws `Fault` with code `log_fenced`, and then nothing is deleted, where the tombstone does not name the quote's newest
   * entry, or somebody is at work in it.
   */
  purge(tombstone: Tombstone): Promise<void>;
  /** What is left of a purged quote; null for any other. */
  tombstone(quote: QuoteId): Promise<Tombstone | null>;
  /** Of all purged quotes, in the order of their ids. */
  tombstones(): Promise<Tombstone[]>;

  /** Releases the store. May be called twice. */
  close(): Promise<void>;
}

/**
 * What kind of message carried it: `create` is the first entry of a quote, whose values do not stick. `settle` is a person's
 * choice in a held conflict, `expire` the choice that the server makes where no person did.
 */
export const ENTRY_KINDS = ['create', 'update', 'sync', 'settle', 'expire'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface Head {
  readonly seq: number;
  /** Server time of the entry, ms since 1970. */
  readonly at: number;
  readonly hash: Uint8Array;
}

/** An entry before it has its place in the chain. */
export interface EntryDraft {
  readonly quote: QuoteId;
  readonly seq: number;
  /** Server time, ms since 1970; never decreases within a quote. */
  readonly at: number;
  readonly actor: Actor;
  readonly session: string | null;
  readonly connection: string | null;
  readonly origin: Origin;
  readonly kind: EntryKind;
  /** Yjs's vector clock of what was received: the structs it brought. */
  readonly clocks: readonly ClockRange[];
  /** The update as received. */
  readonly received: Uint8Array;
  /** The update as merged and sent to everyone; null where nothing was merged. */
  readonly merged: Uint8Array | null;
  /** SHA-256 of the policy it was decided with, hex. */
  readonly policy: string;
  /** Version of the gate's own rules. */
  readonly gateVersion: number;
  readonly seen: Seen;
  /** The active edits of others that the gate considered. */
  readonly activeEdits: readonly ActiveEdit[];
  readonly aliases: readonly Alias[];
  readonly writes: readonly WriteVerdict[];
}

export interface Entry extends EntryDraft {
  /** Hash of the entry before; 32 zero bytes for the first. */
  readonly previousHash: Uint8Array;
  /** SHA-256 over all of the above and `previousHash`. */
  readonly hash: Uint8Array;
}

/** What the gate was handed when it decided an entry, and the bytes that it let out. */
export type Decision = Pick<
  Entry,
  'seq' | 'actor' | 'kind' | 'received' | 'merged' | 'policy' | 'gateVersion' | 'seen' | 'activeEdits'
>;

export interface StoredPolicy {
  readonly hash: string;
  readonly json: string;
  readonly at: number;
}

/** A quote's state after entry `seq`, so that loading need not start at entry 1. Derived: it can be made again. */
export interface Checkpoint {
  readonly quote: QuoteId;
  readonly seq: number;
  readonly gateVersion: number;
  /** The document as a V2 update, deflated. */
  readonly state: Uint8Array;
  /** The quote as JSON. */
  readonly snapshot: string;
  /** What the gate remembers, as deflated JSON (see `checkpoint-memory.ts`). */
  readonly memory: Uint8Array;
  /** SHA-256 over all of the above: what was damaged is not loaded. */
  readonly hash: Uint8Array;
}

/** One row of the list of quotes. Texts are as written in the document; `total` is a decimal string. */
export interface QuoteSummary {
  readonly id: QuoteId;
  readonly title: string;
  readonly customer: string;
  readonly status: string;
  readonly owner: string;
  readonly currency: string;
  readonly total: string;
  readonly seq: number;
  readonly createdBy: string;
  readonly lastChange: { readonly at: number; readonly by: string; readonly cell: string | null };
}

export interface QuoteQuery {
  /** Part of title, customer or id, in any case. */
  readonly text?: string;
  readonly status?: string;
  /** Only these quotes. */
  readonly ids?: readonly QuoteId[];
  readonly limit: number;
  readonly after?: string;
}

import { createHash } from 'node:crypto';
import * as encoding from 'lib0/encoding';
import { assert } from '../lib/assert.ts';
import type { Author } from '../authority/verdict.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Entry, EntryDraft, Head } from './log.ts';

/**
 * The hash chain. An entry's hash is the SHA-256 of the bytes below, one after another, so it covers every field of the
 * entry, its rows per write, and through `previousHash` all entries before it. This comment is the specification:
 * an auditor can write the same in any language. A change to it is a new version with another first text.
 *
 *     uint       7 bits a byte, lowest first, the high bit set on all bytes but the last (LEB128, lib0's varUint)
 *     bytes      uint length, then the bytes
 *     text       bytes, of its UTF-8
 *     json       text, of its canonical JSON (RFC 8785, see canonical-json.ts)
 *     maybe X    one byte 0 for null, or one byte 1 and then X
 *     list X     uint count, then each X in the order of the entry
 *
 *     text "quoteroom entry v1"
 *     text quote, uint seq, uint at
 *     text user, text role, text permission
 *     maybe text session, maybe text connection, text origin, text kind
 *     list (uint client, uint clock, uint length)                                  clocks
 *     bytes received, maybe bytes merged
 *     text policy, uint gateVersion
 *     text seen kind, uint seen revision
 *     list (text user, text role, text cell)                                       activeEdits
 *     list (uint clock, text cell, maybe (text user, text role, uint seq))         aliases
 *     list (text cell, text operation, json before, json offered, json applied,
 *           text verdict, maybe text reason, maybe (text user, text role))         writes
 *     bytes previousHash
 */
const DOMAIN = 'quoteroom entry v1';

/** What the first entry of a quote names as the hash before it. */
export const GENESIS_HASH: Uint8Array = new Uint8Array(32);
/** The place before the first entry. */
export const emptyHead: Head = { seq: 0, at: 0, hash: GENESIS_HASH };

/** Gives an entry its place in the chain, after the entry with this hash. */
export function sealEntry(draft: EntryDraft, previousHash: Uint8Array): Entry {
  assert(previousHash.length === 32, 'a hash has 32 bytes');
  return { ...draft, previousHash, hash: hashOfEntry({ ...draft, previousHash }) };
}

/** The hash that the entry's content asks for, whatever `hash` it carries: equal unless someone tampered with it. */
export function hashOfEntry(entry: Omit<Entry, 'hash'>): Uint8Array {
  return sha256(encoding.encode((encoder) => writeEntry(encoder, entry)));
}

/** SHA-256 in hex of a policy's JSON, as stored. */
export const policyHash = (json: string): string => createHash('sha256').update(json, 'utf8').digest('hex');

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

type Encoder = encoding.Encoder;

function writeEntry(to: Encoder, entry: Omit<Entry, 'hash'>): void {
  writeText(to, DOMAIN);
  writeText(to, entry.quote);
  writeUint(to, entry.seq);
  writeUint(to, entry.at);
  writeAuthor(to, entry.actor);
  writeText(to, entry.actor.permission);
  writeMaybe(to, entry.session, writeText);
  writeMaybe(to, entry.connection, writeText);
  writeText(to, entry.origin);
  writeText(to, entry.kind);
  writeList(to, entry.clocks, writeClocks);
  writeBytes(to, entry.received);
  writeMaybe(to, entry.merged, writeBytes);
  writeText(to, entry.policy);
  writeUint(to, entry.gateVersion);
  writeText(to, entry.seen.kind);
  writeUint(to, entry.seen.revision);
  writeList(to, entry.activeEdits, writeActiveEdit);
  writeList(to, entry.aliases, writeAlias);
  writeList(to, entry.writes, writeWrite);
  writeBytes(to, entry.previousHash);
}

function writeClocks(to: Encoder, range: Entry['clocks'][number]): void {
  writeUint(to, range.client);
  writeUint(to, range.clock);
  writeUint(to, range.length);
}

function writeActiveEdit(to: Encoder, edit: Entry['activeEdits'][number]): void {
  writeAuthor(to, edit);
  writeText(to, edit.cell);
}

function writeAlias(to: Encoder, alias: Entry['aliases'][number]): void {
  writeUint(to, alias.clock);
  writeText(to, alias.cell);
  writeMaybe(to, alias.of, (encoder, write) => {
    writeAuthor(encoder, write);
    writeUint(encoder, write.seq);
  });
}

function writeWrite(to: Encoder, write: Entry['writes'][number]): void {
  writeText(to, write.cell);
  writeText(to, write.operation);
  writeText(to, canonicalJson(write.before));
  writeText(to, canonicalJson(write.offered));
  writeText(to, canonicalJson(write.applied));
  writeText(to, write.verdict);
  writeMaybe(to, write.reason, writeText);
  writeMaybe(to, write.by, writeAuthor);
}

function writeAuthor(to: Encoder, author: Author): void {
  writeText(to, author.user);
  writeText(to, author.role);
}

function writeUint(to: Encoder, value: number): void {
  assert(Number.isSafeInteger(value) && value >= 0, 'a number of an entry is a whole number, not below zero');
  encoding.writeVarUint(to, value);
}

const writeText = encoding.writeVarString;
const writeBytes = encoding.writeVarUint8Array;

function writeMaybe<T>(to: Encoder, value: T | null, write: (to: Encoder, value: T) => void): void {
  encoding.writeUint8(to, value === null ? 0 : 1);
  if (value !== null) write(to, value);
}

function writeList<T>(to: Encoder, items: readonly T[], write: (to: Encoder, item: T) => void): void {
  encoding.writeVarUint(to, items.length);
  for (const item of items) write(to, item);
}

import type { Json } from '../authority/verdict.ts';
import { hexOf } from '../lib/bytes.ts';
import type { Entry } from '../log/log.ts';
import { type CsvField, csvRecord } from './csv-record.ts';

/**
 * An entry and its writes as records of a bundle. The JSON holds every field that the hash of `log/entry-hash.ts` covers, bytes
 * in base64 and hashes in hex, so that it can be made again; the CSV says the same to people, without the bytes.
 * `verify-bundle.mjs` knows these forms: what changes here changes there, and raises {@link BUNDLE_VERSION}.
 */
export const BUNDLE_VERSION = 1;

export const entryJson = (entry: Entry): string =>
  line({
    quote: entry.quote,
    seq: entry.seq,
    at: entry.at,
    user: entry.actor.user,
    role: entry.actor.role,
    permission: entry.actor.permission,
    session: entry.session,
    connection: entry.connection,
    origin: entry.origin,
    kind: entry.kind,
    clocks: entry.clocks.map(({ client, clock, length }) => ({ client, clock, length })),
    received: base64(entry.received),
    merged: entry.merged === null ? null : base64(entry.merged),
    policy: entry.policy,
    gateVersion: entry.gateVersion,
    seen: { kind: entry.seen.kind, revision: entry.seen.revision },
    activeEdits: entry.activeEdits.map(({ user, role, cell }) => ({ user, role, cell })),
    aliases: entry.aliases.map(({ clock, cell, of }) => ({
      clock,
      cell,
      of: of === null ? null : { user: of.user, role: of.role, seq: of.seq },
    })),
    writes: entry.writes.length,
    previousHash: hexOf(entry.previousHash),
    hash: hexOf(entry.hash),
  });

export const writesJson = ({ quote, seq, writes }: Entry): string =>
  writes
    .map(({ cell, operation, before, offered, applied, verdict, reason, by }, index) =>
      line({
        quote,
        seq,
        n: index + 1,
        cell,
        operation,
        before,
        offered,
        applied,
        verdict,
        reason,
        by: by === null ? null : { user: by.user, role: by.role },
      }),
    )
    .join('');

export const ENTRY_CSV_HEADER = csvRecord([
  ...['quote', 'seq', 'time', 'user', 'role', 'permission', 'session', 'connection', 'origin', 'kind'],
  ...['writes', 'policy', 'gate_version', 'seen', 'seen_revision', 'previous_hash', 'hash'],
]);

export const entryCsv = (entry: Entry): string =>
  csvRecord([
    ...[entry.quote, entry.seq, time(entry.at)],
    ...[entry.actor.user, entry.actor.role, entry.actor.permission],
    ...[entry.session, entry.connection, entry.origin, entry.kind, entry.writes.length],
    ...[entry.policy, entry.gateVersion, entry.seen.kind, entry.seen.revision],
    ...[hexOf(entry.previousHash), hexOf(entry.hash)],
  ]);

export const WRITE_CSV_HEADER = csvRecord([
  ...['quote', 'seq', 'n', 'time', 'user', 'role', 'cell', 'operation', 'before', 'offered', 'applied'],
  ...['verdict', 'reason', 'by_user', 'by_role'],
]);

export const writesCsv = ({ quote, seq, at, actor, writes }: Entry): string =>
  writes
    .map((write, index) =>
      csvRecord([
        ...[quote, seq, index + 1, time(at), actor.user, actor.role, write.cell, write.operation],
        ...[value(write.before), value(write.offered), value(write.applied)],
        ...[write.verdict, write.reason, write.by?.user ?? null, write.by?.role ?? null],
      ]),
    )
    .join('');

const line = (record: unknown): string => `${JSON.stringify(record)}\n`;

const time = (at: number): string => new Date(at).toISOString();

/** Texts as they are, no value as an empty field, everything else as JSON. */
const value = (json: Json): CsvField =>
  typeof json === 'string' || json === null ? json : JSON.stringify(json);

const base64 = (bytes: Uint8Array): string => viewOf(bytes).toString('base64');

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

import { isSameBytes } from '../lib/bytes.ts';
import { type QuoteId, isQuoteId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { type NoteKey, type NoteSigner, openNote, signNote } from './signed-note.ts';

/**
 * What is left of a quote that was purged: that it was there, how many entries it had, the hash of the last one, which covers all
 * of them, who purged it when and why, and what the bundle is that it was exported to before. A signed note (see
 * `signed-note.ts`) with the key that signs heads; its text can be none of a head:
 *
 *     quoteroom tombstone v1
 *     log quoteroom/5d41402abc4b
 *     quote q-acme-2026
 *     entries 12
 *     last 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
 *     purged 2026-03-01T12:00:00.000Z
 *     by "ann"
 *     why "accepted, and older than 365d"
 *     bundle 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 *
 * `by` and `why` are JSON strings; `bundle` is the SHA-256 of the bundle's manifest.json, which names the hash of each of its files.
 */
export interface Tombstone {
  readonly quote: QuoteId;
  /** Of its last entry: it had entries 1 to this one. */
  readonly seq: number;
  /** Of its last entry. */
  readonly hash: Uint8Array;
  /** When it was purged, ms since 1970. */
  readonly at: number;
  /** The signed note, whole. */
  readonly note: string;
}

/** A tombstone whose signature is good, with all that was signed. */
export interface OpenedTombstone extends TombstoneText {
  readonly key: NoteKey;
}

export interface TombstoneText extends Omit<Tombstone, 'note'> {
  readonly by: string;
  readonly why: string;
  /** SHA-256 of the bundle's manifest, hex. */
  readonly bundle: string;
}

export function sealTombstone(text: TombstoneText, signer: NoteSigner): Tombstone {
  const { quote, seq, hash, at } = text;
  return { quote, seq, hash, at, note: signNote(formatTombstoneText(signer.name, text), signer) };
}

/** Is it signed by one of these keys, and is it what was signed? */
export function openTombstone(tombstone: Tombstone, keys: readonly NoteKey[]): Result<OpenedTombstone> {
  const opened = openNote(tombstone.note, keys);
  if (!opened.ok) return opened;
  const { text, key } = opened.value;
  const signed = parseTombstoneText(text, key.name);
  if (signed === null) return fail('the signed text is not that of a tombstone of this log');
  const { quote, seq, hash, at } = signed;
  const isSame =
    quote === tombstone.quote &&
    seq === tombstone.seq &&
    at === tombstone.at &&
    isSameBytes(hash, tombstone.hash);
  return isSame
    ? ok({ ...signed, key })
    : fail(
        `what was signed is quote ${quote}, purged with its last entry ${seq}, and the row says otherwise`,
      );
}

const formatTombstoneText = (log: string, { quote, seq, hash, at, by, why, bundle }: TombstoneText): string =>
  [
    'quoteroom tombstone v1',
    `log ${log}`,
    `quote ${quote}`,
    `entries ${seq}`,
    `last ${Buffer.from(hash).toString('hex')}`,
    `purged ${new Date(at).toISOString()}`,
    `by ${quoted(by)}`,
    `why ${quoted(why)}`,
    `bundle ${bundle}`,
    '',
  ].join('\n');

/** A JSON string without anything that a note does not hold, or that ends a line. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const LINES =
  /^quoteroom tombstone v1\nlog [^\n]+\nquote (\S+)\nentries (\d{1,15})\nlast ([0-9a-f]{64})\npurged (\S{24})\nby (".*")\nwhy (".*")\nbundle ([0-9a-f]{64})\n$/;

/** Takes exactly what {@link formatTombstoneText} gives; null for anything else. */
function parseTombstoneText(text: string, log: string): TombstoneText | null {
  const [, quote = '', entries, last = '', time = '', by = '', why = '', bundle = ''] =
    LINES.exec(text) ?? [];
  const at = Date.parse(time);
  if (!isQuoteId(quote) || Number.isNaN(at)) return null;
  const hash = new Uint8Array(Buffer.from(last, 'hex'));
  const [saidBy, saidWhy] = [parseText(by), parseText(why)];
  if (saidBy === null || saidWhy === null) return null;
  const parsed = { quote, seq: Number(entries), hash, at, by: saidBy, why: saidWhy, bundle };
  return formatTombstoneText(log, parsed) === text ? parsed : null;
}

function parseText(json: string): string | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { entryJson, writesJson } from '../../src/audit/export-records.ts';
import { present } from '../../src/lib/assert.ts';
import type { Checkpoint, Entry, StoredPolicy } from '../../src/log/log.ts';
import type { Recorded } from './recorded-quote.ts';

/**
 * A log as an export writes it, kept as it came out on another machine. JSON lines: the policies, every entry followed by its
 * writes, and at last what they led to there.
 */
export interface Elsewhere {
  readonly recorded: Recorded;
  /** The file. */
  readonly text: string;
}

/** What must be the same wherever a log is played: SHA-256 in hex. */
interface LedTo {
  readonly lastHash: string;
  /** The document as a Yjs update V2. */
  readonly state: string;
  /** The quote as JSON. */
  readonly snapshot: string;
}

// A test reads what it expects.
type Parsed = ReturnType<typeof JSON.parse>;

const FOLDER = join(import.meta.dirname, '../audit/fixtures');

export function readElsewhere(name: string): Elsewhere {
  const text = readFileSync(join(FOLDER, `${name}.jsonl`), 'utf8');
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const of = (kind: string): readonly Parsed[] => records.flatMap((one) => (kind in one ? [one[kind]] : []));
  const writes = of('write');
  const entries = of('entry').map((entry) =>
    entryOf(
      entry,
      writes.filter(({ seq }) => seq === entry.seq),
    ),
  );
  const policies: StoredPolicy[] = [...of('policy')];
  const quote = present(entries[0], 'there is an entry').quote;
  return {
    recorded: { quote, entries, checkpoints: [], policies, summary: null },
    text,
  };
}

/** The text of such a file, to be kept once and then left as it is. */
export function writeElsewhere({ policies, entries, checkpoints }: Recorded): string {
  const lines = [
    ...policies.map((policy) => JSON.stringify({ policy })),
    ...entries.flatMap((entry) => [
      `{"entry":${entryJson(entry).trimEnd()}}`,
      ...writesJson(entry)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => `{"write":${line}}`),
    ]),
    JSON.stringify({
      ledTo: ledToOf(
        present(entries.at(-1), 'there is an entry'),
        present(checkpoints.at(-1), 'and its state'),
      ),
    }),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const ledToOf = (last: Pick<Entry, 'hash'>, { state, snapshot }: Checkpoint): LedTo => ({
  lastHash: Buffer.from(last.hash).toString('hex'),
  // Compressed bytes may differ from one zlib to the next; what is in them may not.
  state: sha256(inflateSync(state)),
  snapshot: sha256(snapshot),
});

const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

function entryOf(json: Parsed, writes: readonly Parsed[]): Entry {
  const { user, role, permission, received, merged, previousHash, hash, writes: _count, ...same } = json;
  return {
    ...same,
    actor: { user, role, permission },
    received: bytes(received, 'base64'),
    merged: merged === null ? null : bytes(merged, 'base64'),
    previousHash: bytes(previousHash, 'hex'),
    hash: bytes(hash, 'hex'),
    writes: writes.map(({ quote: _quote, seq: _seq, n: _n, ...verdict }) => verdict),
  };
}

const bytes = (text: string, encoding: 'base64' | 'hex'): Uint8Array =>
  Uint8Array.from(Buffer.from(text, encoding));

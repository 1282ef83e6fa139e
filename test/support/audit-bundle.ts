import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { type ExportOptions, type Manifest, exportBundle } from '../../src/audit/export-bundle.ts';
import { exportHead } from '../../src/audit/export-head.ts';
import { formatHeadText } from '../../src/log/head-text.ts';
import { type HeadLeaf, leafLine, rootOfLines } from '../../src/log/head-tree.ts';
import type { Log } from '../../src/log/log.ts';
import { type NoteSigner, noteSigner, signNote } from '../../src/log/signed-note.ts';
import { present } from '../../src/lib/assert.ts';
import { type Recorded, logOf } from './recorded-quote.ts';

/** An Ed25519 key that signs heads under this name. */
export const newSigner = (name = 'quoteroom/test'): NoteSigner =>
  noteSigner(name, generateKeyPairSync('ed25519').privateKey);

/** The part of the port that an export reads, over several quotes. */
export function logOfAll(quotes: readonly Recorded[]): Pick<Log, 'entries' | 'head' | 'policy'> {
  const logs = new Map(quotes.map((recorded) => [recorded.quote, logOf(recorded)]));
  return {
    entries: async (quote, range) => (await logs.get(quote)?.entries(quote, range)) ?? [],
    head: async (quote) => (await logs.get(quote)?.head(quote)) ?? null,
    policy: async (hash) =>
      quotes.flatMap(({ policies }) => policies).find((policy) => policy.hash === hash)?.json ?? null,
  };
}

export const leafOf = ({ quote, entries }: Recorded, seq = entries.length): HeadLeaf => {
  const entry = present(
    entries.find((one) => one.seq === seq),
    `there is an entry ${seq}`,
  );
  return { quote, seq, hash: entry.hash };
};

/** Head 7, over these leaves, in the form of a store that holds nothing else. */
export function headsOver(leaves: readonly HeadLeaf[], signer: NoteSigner): Parameters<typeof exportHead>[0] {
  const sorted = leaves.toSorted((a, b) => (a.quote < b.quote ? -1 : 1));
  const [n, at] = [7, 1_772_000_000_000];
  const root = rootOfLines(sorted.map(leafLine));
  const text = formatHeadText({ origin: signer.name, size: sorted.length, root, n, at });
  return { newest: async () => ({ n, at, note: signNote(text, signer) }), leaves: async () => sorted };
}

export interface BundleOf extends Partial<ExportOptions> {
  readonly folder: string;
  readonly signer?: NoteSigner;
  /** What the head covers; every quote's last entry, unless said otherwise. */
  readonly leaves?: readonly HeadLeaf[];
  readonly quotes?: readonly Recorded['quote'][];
}

/** Exports what is recorded, with a head over it where there is a signer. */
export async function bundleOf(recorded: readonly Recorded[], given: BundleOf): Promise<Manifest> {
  const { signer, leaves = recorded.map((one) => leafOf(one)), quotes, ...options } = given;
  return exportBundle(logOfAll(recorded), quotes ?? recorded.map(({ quote }) => quote), {
    at: 1_772_000_000_123,
    by: 'quoteroom of a test',
    head: signer === undefined ? null : await exportHead(headsOver(leaves, signer)),
    keys: signer === undefined ? [] : [signer],
    ...options,
  });
}

/** Runs the bundle's own program, as an auditor would: with Node, and nothing else. */
export function runVerifier(
  folder: string,
  ...argv: string[]
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, 'verify.mjs'), ...argv], { env: {} }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

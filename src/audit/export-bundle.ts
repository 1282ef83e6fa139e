import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hexOf } from '../lib/bytes.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { makeFolder } from '../log/make-folder.ts';
import type { Entry, Log } from '../log/log.ts';
import type { NoteKey } from '../log/signed-note.ts';
import type { Tombstone } from '../log/tombstone.ts';
import { type ExportedHead, type HeadSummary, keyLines } from './export-head.ts';
import * as records from './export-records.ts';
import { type FileRecord, type HashedFile, createHashedFile } from './hashed-file.ts';
import { readEntries } from './read-entries.ts';

/**
 * Writes quotes out for somebody without quoteroom: their entries and writes, the policies that these were decided with, a
 * signed head that covers them, a manifest of what there is, and a program that checks it all with nothing but Node. The
 * files are written to a folder of another name, which gets its own only when it is whole. Two exports of the same log differ in
 * the manifest's time alone.
 *
 * Entries are copied as the log holds them; nothing is checked here, so that what is wrong in the log is wrong in the
 * bundle, too, and found there.
 */
export interface Manifest {
  readonly format: 'quoteroom audit bundle';
  readonly version: number;
  readonly made: { readonly at: string; readonly by: string };
  readonly quotes: readonly ExportedQuote[];
  /** Null where none was signed yet. */
  readonly head: HeadSummary | null;
  /** Quotes that were purged before, where all were asked for; left out where there are none. */
  readonly purged?: readonly PurgedRecord[];
  readonly files: Readonly<Record<string, FileRecord>>;
}

export interface ExportedQuote {
  readonly id: QuoteId;
  readonly entries: number;
  readonly writes: number;
  /** Null for a quote that has no entries. */
  readonly first: Place | null;
  readonly last: Place | null;
}

/** `note` is the signed tombstone, see `log/tombstone.ts`. */
export interface PurgedRecord {
  readonly id: QuoteId;
  readonly last: Place;
  readonly note: string;
}

export interface Place {
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
}

export interface ExportOptions {
  /** Must not be there yet, or be empty. */
  readonly folder: string;
  /** ms since 1970 */
  readonly at: number;
  /** What made it, and of which version. */
  readonly by: string;
  /** Asked of the log before its entries are, so that it covers none that is not in the bundle. */
  readonly head: ExportedHead | null;
  readonly keys: readonly NoteKey[];
  /** To be named in the manifest. */
  readonly purged?: readonly Tombstone[] | undefined;
  /** Ends the export, as a failure. */
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?:
    | ((progress: { readonly quote: QuoteId; readonly done: number; readonly of: number }) => void)
    | undefined;
}

type ExportedLog = Pick<Log, 'entries' | 'head' | 'policy'>;

const PROGRESS_EVERY_ENTRIES = 500;

/** Throws `Fault` with code `export_failed`, and then there is no such folder. */
export async function exportBundle(
  log: ExportedLog,
  quotes: Iterable<QuoteId>,
  options: ExportOptions,
): Promise<Manifest> {
  const { folder } = options;
  if (!isFree(folder))
    throw exportFault(folder, 'it is there already: give a folder that is not, or an empty one');
  let unfinished: string | null = null;
  try {
    makeFolder(dirname(folder));
    unfinished = mkdtempSync(join(dirname(folder), `.${basename(folder)}-unfinished-`));
    const manifest = await writeBundle(log, quotes, { ...options, folder: unfinished });
    renameSync(unfinished, folder);
    return manifest;
  } catch (error) {
    if (unfinished !== null) rmSync(unfinished, { recursive: true, force: true });
    if (error instanceof Fault) throw error;
    if (options.stop?.aborted === true) throw exportFault(folder, 'it was stopped');
    const why = error instanceof Error ? error.message : String(error);
    throw exportFault(folder, `${why}: check the disk`, error);
  }
}

async function writeBundle(
  log: ExportedLog,
  quotes: Iterable<QuoteId>,
  options: ExportOptions,
): Promise<Manifest> {
  const files = openFiles(options.folder);
  try {
    const policies = new Set<string>();
    const exported: ExportedQuote[] = [];
    for (const quote of quotes) {
      exported.push(
        await exportQuote(log, quote, {
          onEntry(entry) {
            policies.add(entry.policy);
            writeEntry(files, entry);
          },
          onProgress: options.onProgress,
          stop: options.stop,
        }),
      );
      const proof = options.head?.proofJson(quote) ?? null;
      if (proof !== null) files['proofs.jsonl'].append(proof, 1);
    }
    for (const hash of policies) {
      const json = await log.policy(hash);
      if (json !== null) files['policies.jsonl'].append(`${JSON.stringify({ hash, json })}\n`, 1);
    }
    if (options.head !== null) files['head.txt'].append(options.head.note, 1);
    files['keys.txt'].append(keyLines(options.keys), options.keys.length);
    const program = readFileSync(VERIFIER, 'utf8');
    files['verify.mjs'].append(program, program.split('\n').length - 1);
    const manifest: Manifest = {
      format: 'quoteroom audit bundle',
      version: records.BUNDLE_VERSION,
      made: { at: new Date(options.at).toISOString(), by: options.by },
      quotes: exported,
      head: options.head?.about ?? null,
      ...purgedRecords(options.purged ?? []),
      files: Object.fromEntries(Object.entries(files).map(([name, file]) => [name, file.finish()])),
    };
    writeManifest(options.folder, manifest);
    return manifest;
  } finally {
    for (const file of Object.values(files)) file.close();
  }
}

async function exportQuote(
  log: ExportedLog,
  quote: QuoteId,
  {
    onEntry,
    onProgress,
    stop,
  }: Pick<ExportOptions, 'onProgress' | 'stop'> & {
    readonly onEntry: (entry: Entry) => void;
  },
): Promise<ExportedQuote> {
  const to = (await log.head(quote))?.seq ?? 0;
  let [entries, writes] = [0, 0];
  let [first, last]: [Place | null, Place | null] = [null, null];
  for await (const read of readEntries(log, quote, { after: 0, to })) {
    if (read.kind === 'unreadable') throw unreadable(quote, read.message);
    const { entry } = read;
    onEntry(entry);
    entries += 1;
    writes += entry.writes.length;
    last = { seq: entry.seq, hash: hexOf(entry.hash) };
    first ??= last;
    if (entries % PROGRESS_EVERY_ENTRIES !== 0) continue;
    onProgress?.({ quote, done: entry.seq, of: to });
    // Or else nobody could stop it.
    await new Promise((resolve) => void setImmediate(resolve));
    stop?.throwIfAborted();
  }
  onProgress?.({ quote, done: to, of: to });
  return { id: quote, entries, writes, first, last };
}

const purgedRecords = (tombstones: readonly Tombstone[]): Pick<Manifest, 'purged'> =>
  tombstones.length === 0
    ? {}
    : {
        purged: tombstones.map(({ quote, seq, hash, note }) => ({
          id: quote,
          last: { seq, hash: hexOf(hash) },
          note,
        })),
      };

type Files = ReturnType<typeof openFiles>;

function openFiles(folder: string) {
  const open = (name: string, header = ''): HashedFile => {
    const file = createHashedFile(join(folder, name));
    file.append(header, 0);
    return file;
  };
  return {
    'entries.jsonl': open('entries.jsonl'),
    'writes.jsonl': open('writes.jsonl'),
    'entries.csv': open('entries.csv', records.ENTRY_CSV_HEADER),
    'writes.csv': open('writes.csv', records.WRITE_CSV_HEADER),
    'policies.jsonl': open('policies.jsonl'),
    'head.txt': open('head.txt'),
    'keys.txt': open('keys.txt'),
    'proofs.jsonl': open('proofs.jsonl'),
    'verify.mjs': open('verify.mjs'),
  };
}

function writeEntry(files: Files, entry: Entry): void {
  const writes = entry.writes.length;
  files['entries.jsonl'].append(records.entryJson(entry), 1);
  files['writes.jsonl'].append(records.writesJson(entry), writes);
  files['entries.csv'].append(records.entryCsv(entry), 1);
  files['writes.csv'].append(records.writesCsv(entry), writes);
}

/** With its own hash beside it, in the form that `sha256sum -c` reads. */
function writeManifest(folder: string, manifest: Manifest): void {
  const file = createHashedFile(join(folder, 'manifest.json'));
  file.append(`${JSON.stringify(manifest, null, 2)}\n`, 1);
  const { sha256 } = file.finish();
  const sum = createHashedFile(join(folder, 'manifest.sha256'));
  sum.append(`${sha256}  manifest.json\n`, 1);
  sum.finish();
}

/** It lies beside this file's source, for `src` and `dist` alike. */
const VERIFIER = new URL('../../src/audit/verify-bundle.mjs', import.meta.url);

function isFree(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

const exportFault = (folder: string, why: string, cause?: unknown): Fault =>
  new Fault({
    code: 'export_failed',
    message: `nothing was exported to ${folder}: ${why}`,
    retryable: false,
    cause,
  });

const unreadable = (quote: QuoteId, reason: string): Fault =>
  new Fault({
    code: 'export_failed',
    message: `nothing was exported: ${reason}; "quoteroom audit verify ${quote}" says what else is wrong`,
    retryable: false,
  });

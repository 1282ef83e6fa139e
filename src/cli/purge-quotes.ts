import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { type ExportOptions, type Manifest, exportBundle } from '../audit/export-bundle.ts';
import { exportHead } from '../audit/export-head.ts';
import { verifyQuotes } from '../audit/verify.ts';
import { syncFolder } from '../log/sync-file.ts';
import { type TombstoneText, sealTombstone } from '../log/tombstone.ts';
import { keepAuditKey, readAuditKeys } from './audit-key.ts';
import { CommandFailure } from './command-errors.ts';
import { composeHeads } from './compose-heads.ts';
import type { WritableData } from './data-folder.ts';
import type { Purgeable } from './find-purgeable.ts';
import { plain } from './plain-text.ts';
import { programVersion } from './program-version.ts';
import type { StoreSettings } from './settings.ts';

/**
 * Exports quotes into one bundle, and then deletes them for good. Nothing is deleted before all of this is so:
 *
 *   each quote is as it was written -> a signed head covers its last entry -> the bundle is whole, on the disk
 *   -> the bundle's own program finds nothing wrong with it
 *
 * Then each quote goes in a transaction of its own, in which its tombstone comes. Where that fails, those before it are
 * purged, and the others are as they were. At last the file is written anew, without what was deleted.
 */
export interface PurgeOrder extends Pick<ExportOptions, 'folder' | 'onProgress'> {
  readonly purgeables: readonly Purgeable[];
  readonly by: string;
  /** Why this quote, in a few words. */
  readonly why: (purgeable: Purgeable) => string;
  readonly now: () => number;
  readonly stop: AbortSignal;
  readonly onPurged: (tombstone: TombstoneText) => void;
}

type PurgedData = Pick<WritableData, 'log' | 'heads' | 'strayRows' | 'newestEntries' | 'overwriteDeleted'>;
type PurgeSettings = Pick<StoreSettings, 'data' | 'auditKey'>;

export async function purgeQuotes(
  data: PurgedData,
  settings: PurgeSettings,
  order: PurgeOrder,
): Promise<readonly TombstoneText[]> {
  await requireWhole(data, order);
  await signHead(data, settings, order);
  const { manifest, sha256 } = await writeBundle(data, settings, order);
  const signer = keepAuditKey(settings.data, settings.auditKey);
  const done: TombstoneText[] = [];
  try {
    await purgeEach();
  } finally {
    if (done.length > 0) data.overwriteDeleted();
  }
  return done;

  async function purgeEach(): Promise<void> {
    for (const purgeable of order.purgeables) {
      const { quote } = purgeable;
      const last = manifest.quotes.find(({ id }) => id === quote)?.last;
      if (order.stop.aborted || last === undefined || last === null) {
        const why = order.stop.aborted ? 'it was stopped' : `quote ${quote} is not in the bundle`;
        throw new CommandFailure(
          'not_purged',
          `${done.length} of ${order.purgeables.length} were purged: ${why}`,
        );
      }
      const tombstone: TombstoneText = {
        ...{ quote, seq: last.seq, hash: new Uint8Array(Buffer.from(last.hash, 'hex')), bundle: sha256 },
        ...{ at: order.now(), by: order.by, why: order.why(purgeable) },
      };
      await data.log.purge(sealTombstone(tombstone, signer));
      done.push(tombstone);
      order.onPurged(tombstone);
    }
  }
}

/** What was changed after it was written is to be looked at, not deleted. */
async function requireWhole(
  { log, strayRows }: PurgedData,
  { purgeables, onProgress }: PurgeOrder,
): Promise<void> {
  const ids = purgeables.map(({ quote }) => quote);
  const { quotes } = await verifyQuotes({ ...log, strayRows }, ids, onProgress);
  const wrong = quotes.filter(({ ok }) => !ok).map(({ quote }) => quote);
  if (wrong.length === 0) return;
  throw new CommandFailure(
    'not_whole',
    `nothing was purged: ${wrong.join(', ')} ${wrong.length === 1 ? 'is' : 'are'} not as written; "quoteroom audit ` +
      'verify" says what is wrong',
  );
}

/** Throws where the log is not what its newest head says. */
async function signHead(data: PurgedData, settings: PurgeSettings, { now }: PurgeOrder): Promise<void> {
  const heads = await composeHeads(data, settings, { now, report: () => undefined });
  try {
    await heads.sign();
  } finally {
    await heads.close();
  }
}

async function writeBundle(
  data: PurgedData,
  settings: PurgeSettings,
  { folder, purgeables, now, stop, onProgress }: PurgeOrder,
): Promise<{ readonly manifest: Manifest; readonly sha256: string }> {
  const ids = purgeables.map(({ quote }) => quote);
  const manifest = await exportBundle(data.log, ids, {
    ...{ folder, stop, onProgress },
    at: now(),
    by: `quoteroom ${programVersion()}`,
    head: await exportHead(data.heads),
    keys: readAuditKeys(settings.data),
  });
  const { code, output } = await runVerifier(folder, join(settings.data, 'audit-keys'));
  if (code === 0) {
    // The files are on the disk already; so must be their names, before the only other copy goes.
    for (const path of [folder, dirname(folder)]) syncFolder(path);
    return { manifest, sha256: hashOfManifest(folder) };
  }
  const wrong = output.split('\n').filter((line) => line.startsWith('WRONG'));
  throw new CommandFailure(
    'bundle_wrong',
    `nothing was purged: the bundle ${folder} is not as it should be: ${plain(wrong[0] ?? output.trim().split('\n').at(-1) ?? '')}`,
  );
}

const hashOfManifest = (folder: string): string =>
  createHash('sha256')
    .update(readFileSync(join(folder, 'manifest.json')))
    .digest('hex');

/** The bundle's own program, as whoever gets it will run it. */
const runVerifier = (
  folder: string,
  keyFile: string,
): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((resolve) => {
    const options = { maxBuffer: OUTPUT_BYTES_MAX };
    execFile(process.execPath, [join(folder, 'verify.mjs'), '--key', keyFile], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : 1, output: `${out}${err}${error?.message ?? ''}` }),
    );
  });

/** It prints some lines for each quote. */
const OUTPUT_BYTES_MAX = 256 * 2 ** 20;

import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type StrayRows, createStrayRows } from '../audit/sqlite-stray-rows.ts';
import { type UsageQuery, readUsage } from '../audit/sqlite-usage.ts';
import { type UsageTotals, createUsageTotals } from '../audit/sqlite-usage-totals.ts';
import type { UsageReport } from '../audit/usage-figures.ts';
import { type Policy, createPolicy } from '../authority/policy.ts';
import type { QuoteId } from '../lib/ids.ts';
import { lockDataFolder } from '../log/data-lock.ts';
import { policyHash } from '../log/entry-hash.ts';
import type { HeadLeaf } from '../log/head-tree.ts';
import type { Heads } from '../log/heads.ts';
import type { Log } from '../log/log.ts';
import { migrateUp } from '../log/migrate.ts';
import { type Backup, type BackupOptions, backupDatabase } from '../log/sqlite-backup.ts';
import { openDatabase, overwriteDeleted } from '../log/sqlite-database.ts';
import { createSqliteHeads, readNewestEntries } from '../log/sqlite-heads.ts';
import { createSqliteLog } from '../log/sqlite-log.ts';
import { readQuoteIds } from '../log/sqlite-quote-ids.ts';
import type { Directory } from '../session/directory.ts';
import type { NamedVersions } from '../session/named-versions.ts';
import type { ShareLinks } from '../session/share-links.ts';
import type { SessionStore } from '../session/session-store.ts';
import { LATENCY_BOUNDS_MS } from '../session/latency-histogram.ts';
import { createSqliteDirectory } from '../session/sqlite-directory.ts';
import { createSqliteNamedVersions } from '../session/sqlite-named-versions.ts';
import { createSqliteSessionStore } from '../session/sqlite-session-store.ts';
import { createSqliteShareLinks } from '../session/sqlite-share-links.ts';
import { type SlackStore, createSlackStore } from '../slack/slack-store.ts';
import type { StoreSettings } from './settings.ts';
import { CommandFailure } from './command-errors.ts';

/** An open data folder: the log and the people in it. Close it when done; closing twice is fine. */
export interface OpenData {
  readonly log: Log;
  readonly heads: Heads;
  readonly strayRows: StrayRows;
  readonly databasePath: string;
  close(): Promise<void>;
}

export interface ReadableData extends OpenData {
  quoteIds(): readonly QuoteId[];
  /** Throws `Fault` with code `backup_failed`, and then there is no such file. */
  backUp(path: string, options: BackupOptions): Promise<Backup>;
  usage(query: Omit<UsageQuery, 'boundsMs'>): UsageReport;
  readonly directory: Pick<Directory, 'everyone'>;
  readonly sessionStore: Pick<SessionStore, 'openSessions'>;
  readonly slack: SlackStore;
}

/** Held by this process alone, with the policy of the settings in its log. */
export interface WritableData extends OpenData {
  readonly directory: Directory;
  readonly sessionStore: SessionStore;
  readonly shareLinks: ShareLinks;
  readonly versions: NamedVersions;
  readonly slack: SlackStore;
  readonly usageTotals: UsageTotals;
  /** Of every quote, in the order of their ids. */
  newestEntries(): readonly HeadLeaf[];
  /** Leaves no bytes in the file of what was deleted. Throws `Fault` with code `not_overwritten`. */
  overwriteDeleted(): void;
  readonly policy: Policy;
  readonly policyHash: string;
}

export const databaseIn = (folder: string): string => join(folder, 'quoteroom.db');

/** For reading beside a running server. Throws a `CommandFailure` that says what is wrong with the folder. */
export function openDataForReading({ data }: Pick<StoreSettings, 'data'>): ReadableData {
  refuseOther(data);
  const databasePath = databaseIn(data);
  const db = openDatabase(databasePath, { readonly: true });
  try {
    const log = createSqliteLog(db);
    return {
      log,
      heads: createSqliteHeads(db),
      databasePath,
      quoteIds: () => readQuoteIds(db),
      strayRows: createStrayRows(db),
      backUp: (path, options) => backupDatabase(db, path, options),
      directory: createSqliteDirectory(db),
      sessionStore: createSqliteSessionStore(db),
      slack: createSlackStore(db),
      usage: (query) => readUsage(db, { ...query, boundsMs: LATENCY_BOUNDS_MS }),
      close: () => log.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What SQLite and the system say of a file in the folder's place, or of a link to nowhere, helps nobody. */
function refuseOther(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isFile() === true)
    throw unusable(folder, 'it is a file; give the folder that is to hold the data with --data');
  if (found === undefined && lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    const target = resolve(dirname(folder), readlinkSync(folder));
    throw unusable(
      folder,
      `it is a link to ${target}, which is not there; make that folder, or give another one with --data`,
    );
  }
}

const unusable = (folder: string, why: string): Error =>
  new CommandFailure('data_unusable', `cannot use the data folder ${folder}: ${why}`);

/** For writing: takes the lock, makes what is missing, brings the schema up to date. */
export async function openDataForWriting(
  { data, policy: rules, limits }: Pick<StoreSettings, 'data' | 'policy' | 'limits'>,
  now: () => number,
): Promise<WritableData> {
  refuseOther(data);
  const lock = lockDataFolder(data);
  const databasePath = databaseIn(data);
  try {
    const db = openDatabase(databasePath);
    try {
      migrateUp(db);
      const log = createSqliteLog(db);
      const heads = createSqliteHeads(db);
      const directory = createSqliteDirectory(db);
      const policy = createPolicy(rules, limits);
      const hash = policyHash(policy.json);
      await log.savePolicy({ hash, json: policy.json, at: now() });
      return {
        log,
        heads,
        strayRows: createStrayRows(db),
        databasePath,
        directory,
        sessionStore: createSqliteSessionStore(db),
        shareLinks: createSqliteShareLinks(db),
        versions: createSqliteNamedVersions(db),
        slack: createSlackStore(db),
        usageTotals: createUsageTotals(db),
        newestEntries: () => readNewestEntries(db),
        overwriteDeleted: () => overwriteDeleted(db),
        policy,
        policyHash: hash,
        async close() {
          await heads.close();
          await log.close();
          lock.release();
        },
      };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

import { expect, test } from 'vitest';
import { createSqliteDirectory } from '../../src/session/sqlite-directory.ts';
import { describeDirectoryContract } from '../contract/directory-contract.ts';
import { quoteId, userId } from '../support/build-entry.ts';
import { openMigrated } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeDirectoryContract('SQLite', () => createSqliteDirectory(openMigrated(temporaryFolder())));

const grant = {
  quote: quoteId('q1'),
  user: userId('bob'),
  permission: 'host',
  grantedBy: userId('ann'),
  source: 'host',
  at: 1_000,
} as const;

test('[D8] what was granted and reserved is there in the next process', async () => {
  const folder = temporaryFolder();
  const before = createSqliteDirectory(openMigrated(folder));
  const reservation = { quote: grant.quote, client: 7, user: grant.user, at: 1_000 };
  await before.setGrant(grant);
  await before.reserve(reservation);
  await before.close();
  const after = createSqliteDirectory(openMigrated(folder));
  expect(await after.grants(grant.quote)).toEqual([grant]);
  expect(await after.reservations(grant.quote)).toEqual([reservation]);
});

test('[D8] a database that cannot be written is a fault that may be tried again', async () => {
  const folder = temporaryFolder();
  const db = openMigrated(folder);
  const directory = createSqliteDirectory(db);
  db.pragma('busy_timeout = 0');
  const other = openMigrated(folder);
  other.exec('BEGIN IMMEDIATE');
  await expect(directory.setGrant(grant)).rejects.toMatchObject({
    code: 'directory_unavailable',
    retryable: true,
  });
  other.exec('ROLLBACK');
  await directory.setGrant(grant);
});

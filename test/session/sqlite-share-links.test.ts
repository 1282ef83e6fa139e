import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashLinkToken, newLinkToken } from '../../src/session/link-token.ts';
import { createSqliteShareLinks } from '../../src/session/sqlite-share-links.ts';
import { describeShareLinksContract, shareLink } from '../contract/share-links-contract.ts';
import { openMigrated } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describeShareLinksContract('SQLite', () => createSqliteShareLinks(openMigrated(temporaryFolder())));

test('[SL6] links survive the process, and no file of the database holds a token', async () => {
  const folder = temporaryFolder();
  const token = newLinkToken();
  const before = openMigrated(folder);
  await createSqliteShareLinks(before).add(shareLink(), hashLinkToken(token));
  const files = ['quoteroom.db', 'quoteroom.db-wal'].map((name) => readFileSync(join(folder, name)));
  expect(files.some((bytes) => bytes.includes(Buffer.from(hashLinkToken(token))))).toBe(true);
  for (const bytes of files) {
    expect(bytes.includes(token)).toBe(false);
    expect(bytes.includes(Buffer.from(token, 'base64url'))).toBe(false);
  }
  before.close();
  const after = createSqliteShareLinks(openMigrated(folder));
  expect(await after.byTokenHash(hashLinkToken(token))).toStrictEqual(shareLink());
});

test('[SL7] a database that cannot be written is a fault that may be tried again', async () => {
  const folder = temporaryFolder();
  const db = openMigrated(folder);
  const links = createSqliteShareLinks(db);
  db.pragma('busy_timeout = 0');
  const other = openMigrated(folder);
  other.exec('BEGIN IMMEDIATE');
  const hash = hashLinkToken(newLinkToken());
  await expect(links.add(shareLink(), hash)).rejects.toMatchObject({
    code: 'share_links_unavailable',
    retryable: true,
  });
  other.exec('ROLLBACK');
  expect(await links.add(shareLink(), hash)).toBe(true);
});

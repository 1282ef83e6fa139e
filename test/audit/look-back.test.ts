import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openHeadSigner } from '../../src/audit/head-signer.ts';
import { createLookBack } from '../../src/audit/look-back.ts';
import { createSqliteLookBack } from '../../src/audit/sqlite-look-back.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { noteSigner } from '../../src/log/signed-note.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteHeads, readNewestEntries } from '../../src/log/sqlite-heads.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { playSession, record } from '../support/recorded-quote.ts';
import { storeRecorded } from '../support/store-recorded.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { describeLookBackContract } from '../contract/look-back-contract.ts';

const signer = noteSigner('quoteroom/test', generateKeyPairSync('ed25519').privateKey);

/** A minute of work in a database, with a signed head over it. */
async function storedQuote() {
  const folder = temporaryFolder();
  const { db, log } = openSqliteLog(folder);
  await storeRecorded(record(playSession()), log);
  const heads = createSqliteHeads(db);
  const deps = {
    heads,
    log,
    signer,
    now: () => 5_000,
    later: () => () => undefined,
    report: (error: unknown) => {
      throw error;
    },
  };
  await (await openHeadSigner(deps, readNewestEntries(db))).sign();
  return { path: join(folder, 'quoteroom.db'), db, log, heads };
}

describeLookBackContract('one in this thread', async () => {
  const { log, heads } = await storedQuote();
  return createLookBack({ log, heads, keys: [signer] });
});

describeLookBackContract('SQLite in threads of its own', async () => {
  const { path } = await storedQuote();
  return threadsOn(path);
});

function threadsOn(path: string) {
  const lookBack = createSqliteLookBack(path, [signer]);
  onTestFinished(() => lookBack.close());
  return lookBack;
}

const q1 = record(playSession()).quote;

test('a head in the database that was changed does not vouch, nor one of another key', async () => {
  const { db, log, heads, path } = await storedQuote();
  const vouching = () => threadsOn(path).vouching(q1);
  expect(await vouching()).toMatchObject({ head: { n: 1 } });
  const other = noteSigner('quoteroom/test', generateKeyPairSync('ed25519').privateKey);
  const foreign = createLookBack({ log, heads, keys: [other] });
  expect(await foreign.vouching(q1)).toEqual({ head: null, problem: null });
  for (const name of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all())
    db.exec(`DROP TRIGGER ${String(name)}`);
  db.exec(`UPDATE heads SET note = replace(note, 'head 1', 'head 2')`);
  expect(await vouching()).toMatchObject({
    head: null,
    problem: { kind: 'head', message: expect.stringContaining('is not what was signed') },
  });
});

test('what the threads cannot do is a fault, and the next question is answered', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'quoteroom.db');
  const lookBack = threadsOn(path);
  const early = lookBack.blame(q1, { at: 1 });
  await expect(early).rejects.toMatchObject({ code: expect.any(String) });
  const db = openDatabase(path);
  onTestFinished(() => void db.close());
  migrateUp(db);
  await storeRecorded(record(playSession()), createSqliteLog(db));
  expect(await lookBack.blame(q1, { at: 1 })).toMatchObject({ revision: 1 });
  await expect(lookBack.diff(q1, { from: 0, to: 99 })).rejects.toMatchObject({ code: 'log_corrupt' });
  expect(await lookBack.diff(q1, { from: 0, to: 1 })).toMatchObject({ to: 1 });
});

test('closing it ends what is under way, and may be done twice', async () => {
  const { path } = await storedQuote();
  const lookBack = createSqliteLookBack(path, [signer]);
  const asked = lookBack.verify(q1);
  const told = expect(asked).rejects.toMatchObject({ code: 'look_back_failed' });
  await lookBack.close();
  await told;
  await lookBack.close();
  await expect(lookBack.blame(q1, { at: 1 })).rejects.toMatchObject({ code: 'look_back_failed' });
});

import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { parseHeadText } from '../../src/log/head-text.ts';
import type { Log } from '../../src/log/log.ts';
import { migrateDown, migrateUp } from '../../src/log/migrate.ts';
import { noteSigner, signNote, splitNote } from '../../src/log/signed-note.ts';
import type { SqliteDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteHeads } from '../../src/log/sqlite-heads.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { type Tombstone, type TombstoneText, openTombstone, sealTombstone } from '../../src/log/tombstone.ts';
import { createSqliteDirectory } from '../../src/session/sqlite-directory.ts';
import { createSqliteNamedVersions } from '../../src/session/sqlite-named-versions.ts';
import { createSqliteSessionStore } from '../../src/session/sqlite-session-store.ts';
import { createSqliteShareLinks } from '../../src/session/sqlite-share-links.ts';
import {
  buildChain,
  buildCheckpoint,
  buildSummary,
  quoteId,
  storedPolicy,
  userId,
} from '../support/build-entry.ts';
import { activeEdit, auditRow, participantRecord, sessionRecord } from '../support/build-session.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const signer = noteSigner('quoteroom/test', generateKeyPairSync('ed25519').privateKey);
const q1 = quoteId('q1');
const chain = buildChain('q1', 3);
const last = present(chain.at(-1), 'the chain has an end');

const text: TombstoneText = {
  ...{ quote: q1, seq: 3, hash: last.hash, at: 1_800_000_000_000 },
  ...{ by: 'ann', why: 'accepted, and older than 365d', bundle: 'ab'.repeat(32) },
};
const sealed = sealTombstone(text, signer);

describe('the note', () => {
  test('[L62] all that was signed comes back, whatever the words are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (by, why) => {
        const opened = openTombstone(sealTombstone({ ...text, by, why }, signer), [signer]);
        // A lone surrogate has no UTF-8: JSON writes it as an escape.
        expect(opened).toMatchObject({ ok: true, value: { ...text, by, why } });
      }),
      {
        numRuns: 1_000,
        examples: [
          ['a\u007fb\u0085', 'c\u2028d\u2029\u0000'],
          ['', '\ud800'],
        ],
      },
    );
  });

  test.each<[string, Partial<Tombstone>]>([
    ['quote', { quote: quoteId('q2') }],
    ['number', { seq: 2 }],
    ['hash', { hash: new Uint8Array(32) }],
    ['time', { at: 1 }],
    ['text', { note: sealed.note.replace('accepted', 'expired') }],
    ['note', { note: 'no' }],
    ['note, signed as another text', { note: signNote('hello\n', signer) }],
    [
      'note, of another log',
      {
        note: signNote(
          sealed.note.split('\n\n')[0]?.replace('log quoteroom/test', 'log other') + '\n',
          signer,
        ),
      },
    ],
    ['note, with a line more', { note: signNote(`${sealed.note.split('\n\n')[0]}\nmore x\n`, signer) }],
  ])('[L62] another %s is refused', (_what, change) => {
    expect(openTombstone({ ...sealed, ...change }, [signer]).ok).toBe(false);
  });

  test('[L62] a key that is not known is refused, and its text is none of a head', () => {
    const other = noteSigner('quoteroom/test', generateKeyPairSync('ed25519').privateKey);
    expect(openTombstone(sealed, [other]).ok).toBe(false);
    const parts = splitNote(sealed.note);
    expect(parseHeadText(parts.ok ? parts.value.text : '').ok).toBe(false);
  });
});

describe('in SQLite', () => {
  let db: SqliteDatabase;
  let log: Log;

  beforeEach(async () => {
    ({ db, log } = openSqliteLog(temporaryFolder()));
    await log.savePolicy(storedPolicy);
    await log.append(
      [...chain, ...buildChain('q2', 2)],
      [buildSummary('q1', { seq: 3 }), buildSummary('q2')],
    );
    await log.saveCheckpoint(buildCheckpoint('q1', 3));
  });

  const insert = (verb: string, quote: string, seq: number, hash = last.hash): void => {
    const sql = `${verb} INTO quote_tombstones (quote_id, seq, hash, at, note) VALUES (?, ?, ?, 1, 'note')`;
    db.prepare(sql).run(quote, seq, hash);
  };

  test.each([
    'UPDATE quote_tombstones SET at = 2',
    'DELETE FROM quote_tombstones',
    "INSERT OR REPLACE INTO quote_tombstones (quote_id, seq, hash, at, note) VALUES ('q1', 3, zeroblob(32), 1, 'x')",
    "DELETE FROM entries WHERE quote_id = 'q2'",
    "DELETE FROM session_operations WHERE quote_id = 'q2'",
  ])('[L63] after a purge the database itself refuses: %s', async (statement) => {
    await log.purge(sealed);
    expect(() => db.exec(statement)).toThrow(/append-only/);
    expect(await log.tombstone(q1)).toStrictEqual(sealed);
  });

  test.each([
    ['an entry before the last', 'INSERT', 'q1', 2, chain[1]?.hash],
    ['another hash', 'INSERT OR REPLACE', 'q1', 3, new Uint8Array(32)],
    ['a quote that never was', 'INSERT OR IGNORE', 'q9', 3, last.hash],
  ])('[L63] a tombstone that names %s deletes nothing', async (_what, verb, quote, seq, hash) => {
    expect(() => insert(verb, quote, seq, hash)).toThrow(/log_fenced/);
    expect(await log.entries(q1, { after: 0, limit: 9 })).toHaveLength(3);
    expect(await log.tombstones()).toEqual([]);
  });

  test('[L63] a quote with an open session is not purged', async () => {
    await createSqliteSessionStore(db).write({
      ...{ sessions: [sessionRecord()], participants: [], activeEdits: [], audit: [] },
    });
    await expect(log.purge(sealed)).rejects.toMatchObject({
      code: 'log_fenced',
      message: expect.stringContaining('the quote has an open session'),
    });
    expect(await log.entries(q1, { after: 0, limit: 9 })).toHaveLength(3);
  });

  test('[L64] what belongs to the quote alone goes with it; people, policies and heads stay', async () => {
    const ann = userId('ann');
    const directory = createSqliteDirectory(db);
    const person = {
      user: ann,
      name: 'Ann',
      email: null,
      role: 'admin',
      tokenIssuedAt: 1,
      seenAt: 1,
    } as const;
    await directory.see(person);
    for (const quote of [q1, quoteId('q2')]) {
      const id = `of-${quote}`;
      await directory.setGrant({
        quote,
        user: ann,
        permission: 'host',
        grantedBy: ann,
        source: 'host',
        at: 1,
      });
      await directory.reserve({ quote, client: 7, user: ann, at: 1 });
      await createSqliteNamedVersions(db).add({
        id,
        quote,
        name: 'one',
        seq: 1,
        at: 1,
        namedBy: ann,
        namedAt: 1,
      });
      await createSqliteShareLinks(db).add(
        {
          ...{ id, quote, permission: 'viewer', createdBy: ann, createdAt: 1 },
          ...{ expiresAt: null, revokedAt: null, uses: 0, lastUsedAt: null },
        },
        Buffer.alloc(32, quote),
      );
      await createSqliteSessionStore(db).write({
        sessions: [sessionRecord({ id, quote, state: 'closed', endedAt: 2_000, endedWhy: 'inactive' })],
        participants: [participantRecord({ session: id })],
        activeEdits: [{ session: id, edits: [activeEdit({ session: id })] }],
        audit: [auditRow(1, { session: id })],
      });
    }
    const leaf = { quote: q1, seq: 3, hash: last.hash };
    await createSqliteHeads(db).append({ n: 1, at: 5, note: 'note' }, [leaf]);
    await log.purge(sealed);
    const counts = Object.fromEntries(
      [
        ...[
          'entries',
          'session_operations',
          'checkpoints',
          'quotes',
          'quote_sessions',
          'session_participants',
        ],
        ...['active_edits', 'session_audit', 'named_versions', 'share_links', 'grants', 'reservations'],
        ...['people', 'policies', 'head_leaves'],
      ].map((table) => [table, db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]),
    );
    expect(counts).toEqual({
      ...{ entries: 2, session_operations: 2, checkpoints: 0, quotes: 1, quote_sessions: 1 },
      ...{ session_participants: 1, active_edits: 1, session_audit: 1, named_versions: 1, share_links: 1 },
      ...{ grants: 1, reservations: 1, people: 1, policies: 1, head_leaves: 1 },
    });
    expect(db.prepare('SELECT DISTINCT quote_id FROM grants').pluck().all()).toEqual(['q2']);
  });

  test('[L65] rolling back keeps tombstones, and the log then refuses every deletion', async () => {
    await log.purge(sealed);
    migrateDown(db, 10);
    expect(() => db.exec('DELETE FROM quote_tombstones')).toThrow(/append-only/);
    expect(() => db.exec('DELETE FROM entries')).toThrow(/append-only/);
    migrateDown(db, 0);
    expect(db.prepare('SELECT quote_id FROM quote_tombstones').pluck().all()).toEqual(['q1']);
    migrateUp(db);
    const again = createSqliteLog(db);
    expect(await again.tombstones()).toStrictEqual([sealed]);
    await expect(again.append(chain.slice(0, 1), [])).rejects.toMatchObject({ code: 'log_fenced' });
  });
});

import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkHead } from '../../src/audit/check-head.ts';
import { openHead, parseHeadFile, formatHeadFile } from '../../src/audit/head-file.ts';
import { openHeadSigner } from '../../src/audit/head-signer.ts';
import { createStrayRows } from '../../src/audit/sqlite-stray-rows.ts';
import { verifyQuotes } from '../../src/audit/verify.ts';
import { present } from '../../src/lib/assert.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { GENESIS_HASH, sealEntry } from '../../src/log/entry-hash.ts';
import type { Entry, Log } from '../../src/log/log.ts';
import { noteSigner } from '../../src/log/signed-note.ts';
import type { SqliteDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteHeads, readNewestEntries } from '../../src/log/sqlite-heads.ts';
import { readQuoteIds } from '../../src/log/sqlite-quote-ids.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { type Recorded, playSession, record } from '../support/recorded-quote.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * What somebody can do who holds the database file, knows SQL and how the chain is made, and has not the key that signs
 * heads. `verify` asks the database alone; `head` compares with a head that was kept outside before.
 */

const signer = noteSigner('quoteroom/test', generateKeyPairSync('ed25519').privateKey);

let db: SqliteDatabase;
let log: Log;
let q1: Recorded;
/** As it was kept elsewhere. */
let keptHead: string;

beforeEach(async () => {
  ({ db, log } = openSqliteLog(temporaryFolder()));
  q1 = record(playSession(), 'q1');
  for (const policy of q1.policies) await log.savePolicy(policy);
  for (const recorded of [q1, record(playSession(), 'q2')]) await store(recorded);
  const stored = createSqliteHeads(db);
  const heads = await openHeadSigner(
    {
      heads: stored,
      log,
      signer,
      now: () => 1_800_000_000_000,
      later: () => () => undefined,
      report: (error) => expect.unreachable(String(error)),
    },
    readNewestEntries(db),
  );
  keptHead = formatHeadFile(await heads.sign());
  await heads.close();
  await stored.close();
  takeTriggersOff();
});

async function store({ entries, summary, checkpoints }: Recorded): Promise<void> {
  await log.append(entries, [present(summary, 'it is listed')]);
  for (const checkpoint of checkpoints) await log.saveCheckpoint(checkpoint);
}

function takeTriggersOff(): void {
  db.pragma('ignore_check_constraints = ON');
  db.pragma('foreign_keys = OFF');
  const triggers = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all();
  for (const name of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
}

interface Place {
  readonly quote: string;
  readonly seq: number;
  readonly kind: string;
}

async function verify(asked: readonly QuoteId[] = readQuoteIds(db)): Promise<Place[]> {
  const audited = { ...log, strayRows: createStrayRows(db) };
  const { ok, quotes } = await verifyQuotes(audited, asked);
  const found = quotes.flatMap(({ quote, problems }) =>
    problems.map(({ seq, kind }) => ({ quote, seq, kind })),
  );
  expect(ok).toBe(found.length === 0);
  return found;
}

async function compareWithHead(): Promise<Place[]> {
  const file = parseHeadFile(keptHead);
  const head = openHead(present(file.ok ? file.value : null, 'it is a head'), [signer]);
  const { leaves } = present(head.ok ? head.value : null, 'its signature is good');
  const quotes = new Set([...readQuoteIds(db), ...leaves.map(({ quote }) => quote)]);
  const { problems } = await checkHead(log, leaves, [...quotes]);
  return problems.map(({ quote, seq, kind }) => ({ quote, seq, kind }));
}

/** Puts another history in the place of `q1`, as whole as the server would have written it. */
async function rewrite(recorded: Recorded): Promise<void> {
  clear();
  await store(recorded);
}

function clear(): void {
  for (const table of ['entries', 'session_operations', 'checkpoints'])
    db.exec(`DELETE FROM ${table} WHERE quote_id = 'q1'`);
  db.exec(`DELETE FROM quotes WHERE id = 'q1'`);
}

/** The first `count` entries of the session, with all that follows from them. */
function cutTo(count: number): Recorded {
  const star = playSession();
  const judged = star.history.filter(({ outcome }) => outcome.kind === 'judged');
  return record({ ...star, history: judged.slice(0, count) }, 'q1');
}

/** Another history with all its hashes right: every gate lets it through, since it is as consistent as the true one. */
function blamed(on: string): Recorded {
  const other = <T extends { readonly user: UserId }>(author: T): T =>
    author.user === 'rita' ? { ...author, user: on as UserId } : author;
  let previous = GENESIS_HASH;
  const entries = q1.entries.map((entry): Entry => {
    const draft = {
      ...entry,
      actor: other(entry.actor),
      aliases: entry.aliases.map((alias) => ({ ...alias, of: alias.of === null ? null : other(alias.of) })),
      writes: entry.writes.map((write) => ({ ...write, by: write.by === null ? null : other(write.by) })),
    };
    const sealed = sealEntry(draft, previous);
    previous = sealed.hash;
    return sealed;
  });
  const summary = present(q1.summary, 'it is listed');
  const lastChange = { ...summary.lastChange, by: on };
  return { ...q1, entries, checkpoints: [], summary: { ...summary, createdBy: on, lastChange } };
}

test('nothing is found in a log as it was written', async () => {
  expect(await verify()).toEqual([]);
  expect(await compareWithHead()).toEqual([]);
});

/** Of the session's entries. */
const LAST = 10;

test.each<[what: string, sql: string, found: Place[]]>([
  [
    'a middle entry deleted',
    `DELETE FROM entries WHERE quote_id = 'q1' AND seq = 5`,
    [{ quote: 'q1', seq: 5, kind: 'missing' }],
  ],
  [
    'a middle entry deleted with its writes',
    `DELETE FROM entries WHERE quote_id = 'q1' AND seq = 5;
     DELETE FROM session_operations WHERE quote_id = 'q1' AND seq = 5`,
    [{ quote: 'q1', seq: 5, kind: 'missing' }],
  ],
  [
    'a middle entry deleted, and the later ones moved up',
    `DELETE FROM entries WHERE quote_id = 'q1' AND seq = 5;
     DELETE FROM session_operations WHERE quote_id = 'q1' AND seq = 5;
     UPDATE entries SET seq = -seq + 1 WHERE quote_id = 'q1' AND seq > 5;
     UPDATE entries SET seq = -seq WHERE quote_id = 'q1' AND seq < 0;
     UPDATE session_operations SET seq = seq - 1 WHERE quote_id = 'q1' AND seq > 5`,
    [
      { quote: 'q1', seq: 5, kind: 'chain' },
      { quote: 'q1', seq: 5, kind: 'hash' },
      { quote: 'q1', seq: LAST, kind: 'missing' },
    ],
  ],
  [
    'a row of a write deleted',
    `DELETE FROM session_operations WHERE quote_id = 'q1' AND seq = 2 AND n = 1`,
    [
      { quote: 'q1', seq: 2, kind: 'hash' },
      { quote: 'q1', seq: 2, kind: 'rows' },
    ],
  ],
  [
    'the last entry deleted alone',
    `DELETE FROM entries WHERE quote_id = 'q1' AND seq = ${LAST}`,
    [{ quote: 'q1', seq: LAST, kind: 'missing' }],
  ],
  [
    'two entries swapped',
    `UPDATE entries SET seq = -seq WHERE quote_id = 'q1' AND seq IN (3, 4);
     UPDATE entries SET seq = seq + 7 WHERE quote_id = 'q1' AND seq < 0`,
    [
      { quote: 'q1', seq: 3, kind: 'hash' },
      { quote: 'q1', seq: 4, kind: 'hash' },
    ],
  ],
  [
    'the same entry of two quotes swapped',
    `UPDATE entries SET quote_id = 'x' WHERE quote_id = 'q1' AND seq = 6;
     UPDATE entries SET quote_id = 'q1' WHERE quote_id = 'q2' AND seq = 6;
     UPDATE entries SET quote_id = 'q2' WHERE quote_id = 'x'`,
    [
      { quote: 'q1', seq: 6, kind: 'hash' },
      { quote: 'q2', seq: 6, kind: 'hash' },
    ],
  ],
  [
    'rows of writes swapped',
    `UPDATE session_operations SET n = 3 - n + 100 WHERE quote_id = 'q1' AND seq = 1 AND n <= 2;
     UPDATE session_operations SET n = n - 100 WHERE n > 100`,
    [
      { quote: 'q1', seq: 1, kind: 'hash' },
      { quote: 'q1', seq: 1, kind: 'verdict' },
    ],
  ],
  [
    'the last entry moved far away and made unreadable',
    `UPDATE entries SET seq = 1 << 40, clocks = 'no' WHERE quote_id = 'q1' AND seq = ${LAST}`,
    [{ quote: 'q1', seq: LAST, kind: 'missing' }],
  ],
  [
    'entries under numbers that no program counts to',
    `UPDATE entries SET seq = (1 << 60) + 1 WHERE quote_id = 'q1' AND seq = ${LAST};
     UPDATE session_operations SET seq = (1 << 60) + 1 WHERE quote_id = 'q1' AND seq = ${LAST}`,
    [{ quote: 'q1', seq: LAST, kind: 'missing' }],
  ],
  [
    'an entry put in below all numbers',
    `CREATE TEMP TABLE copied AS SELECT * FROM entries WHERE quote_id = 'q1' AND seq = 3;
     UPDATE copied SET seq = -(1 << 60) - 1;
     INSERT INTO entries SELECT * FROM copied`,
    [{ quote: 'q1', seq: -(2 ** 60), kind: 'number' }],
  ],
  [
    'a row of a write numbered otherwise',
    `UPDATE session_operations SET n = 0 WHERE quote_id = 'q1' AND seq = 1 AND n = 1`,
    [{ quote: 'q1', seq: 1, kind: 'rows' }],
  ],
  [
    'only the actor changed',
    `UPDATE entries SET user_id = 'max' WHERE quote_id = 'q1' AND seq = 4`,
    [{ quote: 'q1', seq: 4, kind: 'hash' }],
  ],
  [
    'only the role changed',
    `UPDATE entries SET role = 'admin' WHERE quote_id = 'q1' AND seq = 4`,
    [{ quote: 'q1', seq: 4, kind: 'hash' }],
  ],
  [
    'a value changed, with the triggers off',
    `UPDATE session_operations SET applied = '"1.00"' WHERE quote_id = 'q1' AND cell = 'lineItems/l1/unitPrice'`,
    [
      { quote: 'q1', seq: 1, kind: 'hash' },
      { quote: 'q1', seq: 1, kind: 'verdict' },
    ],
  ],
])('%s', async (_what, sql, expected) => {
  db.exec(sql);
  expect(await verify()).toEqual(expect.arrayContaining(expected));
});

describe('a history that is as whole as the true one', () => {
  test('the tail cut, with all that knew of it: a head that covers it finds it', async () => {
    await rewrite(cutTo(LAST - 2));
    expect(await verify()).toEqual([]);
    expect(await compareWithHead()).toEqual([{ quote: 'q1', seq: LAST, kind: 'cut' }]);
  });

  test('a whole quote taken away', async () => {
    clear();
    expect(await verify()).toEqual([]);
    expect(await compareWithHead()).toEqual([{ quote: 'q1', seq: LAST, kind: 'cut' }]);
  });

  test('everything of one author put on another, and all hashes made again', async () => {
    await rewrite(blamed('rico'));
    expect(await verify()).toEqual([]);
    expect(await compareWithHead()).toEqual([{ quote: 'q1', seq: LAST, kind: 'rewritten' }]);
  });

  test('a suffix rewritten and hashed again', async () => {
    // The connection decides nothing, so nothing but the hash knows of it.
    const [from, entries] = [6, [...q1.entries]];
    for (let at = from - 1; at < entries.length; at++) {
      const entry = present(entries[at], 'it is there');
      const previous = present(entries[at - 1], 'it is there').hash;
      entries[at] = sealEntry({ ...entry, connection: 'c-other' }, previous);
    }
    await rewrite({ ...q1, entries });
    expect(await verify()).toEqual([]);
    expect(await compareWithHead()).toEqual([{ quote: 'q1', seq: LAST, kind: 'rewritten' }]);
  });

  test('the hash of the covered entry put back over another content', async () => {
    await rewrite(blamed('rico'));
    const { hash } = present(q1.entries.at(-1), 'it is there');
    db.prepare(`UPDATE entries SET hash = ? WHERE quote_id = 'q1' AND seq = ?`).run(hash, LAST);
    expect(await verify()).toEqual([{ quote: 'q1', seq: LAST, kind: 'hash' }]);
    expect(await compareWithHead()).toEqual([{ quote: 'q1', seq: LAST, kind: 'rewritten' }]);
  });

  test('what came after the newest head kept outside cannot be proven', async () => {
    const { quote, seq, hash } = present(q1.entries[LAST - 3], 'it is there');
    await rewrite(cutTo(LAST - 1));
    expect(await checkHead(log, [{ quote, seq, hash }], [quote])).toEqual({
      quotes: 1,
      after: 1,
      problems: [],
    });
  });
});

/** Every column of the two tables, with its row; what SQLite computes by itself is none. */
const FLIPPED = {
  entries: ['quote_id', 'seq'],
  session_operations: ['quote_id', 'seq', 'n'],
} as const;

describe('one bit flipped anywhere', () => {
  test.each(Object.entries(FLIPPED))('of %s', async (table, keys) => {
    const columns = db
      .prepare<[], { name: string; hidden: number }>(`PRAGMA table_xinfo(${table})`)
      .all()
      .filter(({ hidden }) => hidden === 0)
      .map(({ name }) => name);
    const rows = db
      .prepare<[], Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY ${keys.join()}`)
      .all();
    const anyFlip = fc.record({
      row: fc.constantFrom(...rows),
      column: fc.constantFrom(...columns),
      bit: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(anyFlip, async ({ row, column, bit }) => {
        const where = keys.map((key) => `${key} = @${key}`).join(' AND ');
        const [set, value] = flip(row[column], bit);
        db.exec('BEGIN');
        try {
          const changed = db
            .prepare(`UPDATE OR IGNORE ${table} SET ${column} = ${set} WHERE ${where}`)
            .run({ ...row, value });
          // Where it became the key of another row the database itself refuses it.
          fc.pre(changed.changes === 1);
          const found = await verify([row['quote_id'] as QuoteId]);
          expect(found.some(({ quote, seq }) => quote === row['quote_id'] && seq === row['seq'])).toBe(true);
        } finally {
          db.exec('ROLLBACK');
        }
      }),
      { numRuns: 60 },
    );
  });

  /** What to set the column to; where there was nothing, there is something then. */
  function flip(value: unknown, bit: number): [set: string, value: unknown] {
    if (typeof value === 'number')
      return ['@value', BigInt.asIntN(64, BigInt(value) ^ (1n << BigInt(bit % 64)))];
    if (value === null) return [`'x'`, null];
    const bytes = Buffer.from(value instanceof Uint8Array ? value : String(value));
    if (bytes.length === 0) return [value instanceof Uint8Array ? `x'00'` : `'x'`, null];
    const at = (bit >> 3) % bytes.length;
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
    return [value instanceof Uint8Array ? '@value' : 'CAST(@value AS TEXT)', bytes];
  }
});

import { assert } from '../lib/assert.ts';
import type { QuoteId } from '../lib/ids.ts';
import { ENTRY_COLUMNS, WRITE_COLUMNS, entryCells, writeCells } from './entry-row.ts';
import { policyHash } from './entry-hash.ts';
import type { Checkpoint, Entry, Head, Log, QuoteSummary } from './log.ts';
import { requireSchema } from './migrate.ts';
import { type NumberedRow, entryOfRows, plainBytes } from './parse-entry-row.ts';
import { formatPlace } from './quote-list.ts';
import { QUOTE_COLUMNS, type QuoteRow, quoteCells, quoteQuestion, summaryOfRow } from './quote-row.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { createDecisionReader } from './sqlite-decisions.ts';
import { sqliteFault } from './sqlite-fault.ts';
import { createTombstoneRows } from './sqlite-tombstones.ts';
import { type FlushFile, createWalSync } from './sqlite-wal-sync.ts';

/**
 * The log in SQLite. An append is one transaction and one sync of the disk, with one statement for each entry, write and summary;
 * triggers of the schema refuse what is no successor (see `schema/0001_log.sql`). The transaction runs to its end before the
 * call returns, so appends cannot overlap; the disk is waited for after it, and so is it before entries are
 * read. Closing it closes the database it was given.
 */
export function createSqliteLog(db: SqliteDatabase, flushFile?: FlushFile): Log {
  requireSchema(db);
  const sql = prepareStatements(db);
  const readDecisions = createDecisionReader(db);
  const tombstones = createTombstoneRows(db);
  const wal = createWalSync(db, flushFile);

  const write = db.transaction((entries: readonly Entry[], summaries: readonly QuoteSummary[]) => {
    for (const entry of entries) {
      sql.insertEntry.run(entryCells(entry));
      entry.writes.forEach((one, index) => sql.insertWrite.run(writeCells(entry, one, index + 1)));
    }
    for (const summary of summaries) sql.putQuote.run(quoteCells(summary));
  });

  const readEntries = db.transaction((quote: QuoteId, after: number, limit: number): Entry[] => {
    const rows = sql.entries.all(quote, after, limit);
    const writes = bySeq(sql.writes.all(quote, after, rows.at(-1)?.seq ?? after));
    return rows.map((row) => entryOfRows(row, writes.get(row.seq) ?? []));
  });

  const putCheckpoint = db.transaction((checkpoint: Checkpoint, replaces: number | undefined): void => {
    if (replaces !== undefined) sql.dropCheckpoint.run(checkpoint.quote, replaces);
    sql.putCheckpoint.run(checkpoint);
  });

  async function guarded<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      throw sqliteFault(error, db.name);
    }
  }

  /** Nobody is shown what is not durable yet: what was read is given away only after the syncs that cover it. */
  async function guardedRead<T>(work: () => T): Promise<T> {
    const read = await guarded(work);
    await wal.settled();
    return read;
  }

  return {
    append(entries, summaries) {
      // Commit and start of the sync are one step: nobody reads in between without waiting.
      try {
        wal.withoutWaiting(() => write.immediate(entries, summaries));
      } catch (error) {
        return Promise.reject(sqliteFault(error, db.name));
      }
      return wal.sync();
    },
    head: (quote) =>
      guardedRead(() => {
        const head = sql.head.get(quote);
        return head === undefined ? null : { ...head, hash: plainBytes(head.hash) };
      }),
    entries: (quote, { after, limit }) => guardedRead(() => readEntries(quote, after, limit)),
    decisions: (quote, range) => guardedRead(() => readDecisions(quote, range)),

    savePolicy: ({ hash, json, at }) =>
      guarded(() => {
        assert(policyHash(json) === hash, 'a policy is stored under its hash');
        sql.insertPolicy.run(hash, json, at);
      }),
    policy: (hash) => guarded(() => sql.policy.get(hash) ?? null),

    saveCheckpoint: (checkpoint, replaces) => guarded(() => putCheckpoint.immediate(checkpoint, replaces)),
    checkpoint: (quote, atMost) =>
      guarded(() => {
        const row = sql.checkpoint.get(quote, atMost ?? Number.MAX_SAFE_INTEGER);
        return row === undefined ? null : checkpointOfRow(row);
      }),

    quotes: (query) =>
      guardedRead(() => {
        const question = quoteQuestion(query);
        if (question === null) return { quotes: [], next: null };
        const rows = db.prepare<unknown[], QuoteRow>(question.sql).all(...question.values);
        const quotes = rows.slice(0, query.limit).map(summaryOfRow);
        const last = quotes.at(-1);
        return { quotes, next: last !== undefined && rows.length > query.limit ? formatPlace(last) : null };
      }),
    summary: (quote) =>
      guardedRead(() => {
        const row = sql.quote.get(quote);
        return row === undefined ? null : summaryOfRow(row);
      }),

    purge: async (tombstone) => {
      await guarded(() => wal.withoutWaiting(() => tombstones.put(tombstone)));
      await wal.sync();
    },
    tombstone: (quote) => guardedRead(() => tombstones.ofQuote(quote)),
    tombstones: () => guardedRead(() => tombstones.all()),

    async close() {
      await wal.settled().catch(() => undefined);
      wal.close();
      db.close();
    },
  };
}

const prepareStatements = (db: SqliteDatabase) => ({
  insertEntry: db.prepare<[unknown[]]>(
    `INSERT INTO entries (${ENTRY_COLUMNS}) VALUES (${marks(ENTRY_COLUMNS)})`,
  ),
  insertWrite: db.prepare<[unknown[]]>(
    `INSERT INTO session_operations (${WRITE_COLUMNS}) VALUES (${marks(WRITE_COLUMNS)})`,
  ),
  putQuote: db.prepare<[unknown[]]>(
    `INSERT INTO quotes (${QUOTE_COLUMNS}) VALUES (${marks(QUOTE_COLUMNS)})
     ON CONFLICT (id) DO UPDATE SET ${changed(QUOTE_COLUMNS)}`,
  ),
  head: db.prepare<[QuoteId], Head>(
    'SELECT seq, at, hash FROM entries WHERE quote_id = ? ORDER BY seq DESC LIMIT 1',
  ),
  entries: db.prepare<[QuoteId, number, number], NumberedRow>(
    `SELECT ${ENTRY_COLUMNS} FROM entries WHERE quote_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
  ),
  writes: db.prepare<[QuoteId, number, number], NumberedRow>(
    `SELECT ${WRITE_COLUMNS} FROM session_operations WHERE quote_id = ? AND seq > ? AND seq <= ? ORDER BY seq, n`,
  ),
  insertPolicy: db.prepare<[string, string, number]>(
    'INSERT INTO policies (hash, json, at) VALUES (?, ?, ?)',
  ),
  policy: db.prepare<[string], string>('SELECT json FROM policies WHERE hash = ?').pluck(),
  putCheckpoint: db.prepare<[Checkpoint]>(
    `INSERT OR REPLACE INTO checkpoints (quote_id, seq, gate_version, state, snapshot, memory, hash)
     VALUES (@quote, @seq, @gateVersion, @state, @snapshot, @memory, @hash)`,
  ),
  dropCheckpoint: db.prepare<[QuoteId, number]>('DELETE FROM checkpoints WHERE quote_id = ? AND seq = ?'),
  checkpoint: db.prepare<[QuoteId, number], Checkpoint>(
    `SELECT quote_id AS quote, seq, gate_version AS gateVersion, state, snapshot, memory, hash
     FROM checkpoints WHERE quote_id = ? AND seq <= ? ORDER BY seq DESC LIMIT 1`,
  ),
  quote: db.prepare<[QuoteId], QuoteRow>(`SELECT ${QUOTE_COLUMNS} FROM quotes WHERE id = ?`),
});

function bySeq(rows: readonly NumberedRow[]): Map<number, NumberedRow[]> {
  const groups = new Map<number, NumberedRow[]>();
  for (const row of rows) {
    const group = groups.get(row.seq);
    if (group === undefined) groups.set(row.seq, [row]);
    else group.push(row);
  }
  return groups;
}

const checkpointOfRow = (row: Checkpoint): Checkpoint => ({
  ...row,
  state: plainBytes(row.state),
  memory: plainBytes(row.memory),
  hash: plainBytes(row.hash),
});

const marks = (columns: string): string => columns.replace(/\w+/g, '?');
/** Without the first column, the key: naming it would write the key's index again. */
const changed = (columns: string): string => columns.replace(/^\w+,/, '').replace(/\w+/g, '$& = excluded.$&');

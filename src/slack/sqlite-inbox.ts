import type { SqliteDatabase } from '../log/sqlite-database.ts';

/**
 * What came from Slack, in SQLite, each once: it is written down before it is answered, so that neither a repetition nor a
 * restart does it twice, and nothing that was answered is forgotten.
 */
export interface Inbox {
  /** Null where it is new, or was broken off, and is now written down; else what became of it. */
  take(item: InboxItem): KnownItem | null;
  done(key: string, answer: unknown): void;
  /** It could not be done: whoever sends it again begins anew. */
  dead(key: string): void;
  /** What was begun and not done, oldest first: after a restart. */
  pending(): InboxItem[];
  /** Answers may say what a quote holds: once Slack repeats nothing any more they are taken away. */
  forgetAnswers(before: number): void;
  prune(before: number): void;
}

export type InboxKind = 'event' | 'command' | 'action' | 'submission';

export interface InboxItem {
  /** `event_id`, `trigger_id`, or a view and its hash. */
  readonly key: string;
  readonly kind: InboxKind;
  /** Who asked, as JSON: for whoever has to tell them that it was broken off. */
  readonly body: unknown;
  /** ms since 1970 */
  readonly at: number;
}

export interface KnownItem {
  readonly state: 'pending' | 'done';
  readonly answer: unknown;
}

export function createInbox(db: SqliteDatabase): Inbox {
  const sql = prepareStatements(db);
  return {
    take({ key, kind, body, at }) {
      if (sql.add.run({ key, kind, body: JSON.stringify(body), at }).changes > 0) return null;
      if (sql.again.run({ key, body: JSON.stringify(body), at }).changes > 0) return null;
      const known = sql.find.get(key);
      if (known === undefined) return null;
      return { state: known.state, answer: known.answer === null ? null : JSON.parse(known.answer) };
    },
    done: (key, answer) => void sql.done.run({ key, answer: JSON.stringify(answer ?? null) }),
    dead: (key) => void sql.dead.run(key),
    pending: () =>
      sql.pending.all().map(({ body, ...row }): InboxItem => ({ ...row, body: JSON.parse(body) })),
    forgetAnswers: (before) => void sql.forgetAnswers.run(before),
    prune: (before) => void sql.prune.run(before),
  };
}

interface PendingRow extends Omit<InboxItem, 'body'> {
  readonly body: string;
}

const prepareStatements = (db: SqliteDatabase) => ({
  add: db.prepare<[{ key: string; kind: InboxKind; body: string; at: number }]>(
    `INSERT INTO slack_inbox (key, kind, body, received_at, state)
     VALUES (@key, @kind, @body, @at, 'pending') ON CONFLICT (key) DO NOTHING`,
  ),
  again: db.prepare<[{ key: string; body: string; at: number }]>(
    `UPDATE slack_inbox SET state = 'pending', body = @body, received_at = @at WHERE key = @key AND state = 'dead'`,
  ),
  find: db.prepare<[string], { readonly state: KnownItem['state']; readonly answer: string | null }>(
    'SELECT state, answer FROM slack_inbox WHERE key = ?',
  ),
  done: db.prepare<[{ key: string; answer: string }]>(
    `UPDATE slack_inbox SET state = 'done', body = NULL, answer = @answer WHERE key = @key`,
  ),
  dead: db.prepare<[string]>(`UPDATE slack_inbox SET state = 'dead', body = NULL WHERE key = ?`),
  pending: db.prepare<[], PendingRow>(
    `SELECT key, kind, body, received_at AS at FROM slack_inbox WHERE state = 'pending' ORDER BY received_at, key`,
  ),
  forgetAnswers: db.prepare<[number]>(
    `UPDATE slack_inbox SET answer = NULL WHERE answer IS NOT NULL AND received_at < ?`,
  ),
  prune: db.prepare<[number]>(`DELETE FROM slack_inbox WHERE state <> 'pending' AND received_at < ?`),
});

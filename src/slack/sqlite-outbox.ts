import type { SqliteDatabase } from '../log/sqlite-database.ts';
import type { MessageContent } from './blocks.ts';

/**
 * Messages on their way to Slack, in SQLite. A key is taken once for all time, so what is told twice is sent once; within a
 * lane they are sent in the order in which they came.
 *
 *     pending -> inflight -> sent
 *                  |  ^        a lost answer: looked up before it is sent again
 *                  v  |
 *                 dead         Slack will never take it; the lane goes on
 */
export interface Outbox {
  /** Nothing where the key is known. Of private answers to one person the newest takes the place of what still waits. */
  add(row: NewOutboxRow): void;
  /** The first of each lane that is not done; what a paused mirror has to say in its channel waits, and nobody for it. */
  heads(): OutboxRow[];
  /** Before it goes out: from then on it may be there. False where it is done already, and must not go out. */
  begin(id: number): boolean;
  /** It is certain that it was not taken; tried again from `notBefore` on. */
  postpone(id: number, notBefore: number): void;
  /** It did not go out this time, and what is known of the times before stays. */
  defer(id: number, notBefore: number): void;
  /** Nobody knows whether it was taken: it stays in flight. */
  doubt(id: number, notBefore: number): void;
  sent(id: number, sent: { readonly channel: string; readonly ts: string; readonly at: number }): void;
  dead(id: number, error: string, at: number): void;
  /** What is still waiting for a mirror's thread dies with it. */
  deadOfMirror(mirror: string, error: string, at: number): void;
  /** For whoever runs it. */
  counts(): OutboxCounts;
  /** Gives up what was done before `before`, but for the keys of mirrors that are still there. */
  prune(before: number): void;
}

export interface OutboxCounts {
  readonly pending: number;
  readonly inflight: number;
  readonly sent: number;
  readonly dead: number;
  /** ms since 1970; null where nothing waits. */
  readonly oldestWaiting: number | null;
  readonly lastError: string | null;
}

/** Where it goes, and what it says. */
export type OutboxMessage =
  /** The card itself, made when it is sent. */
  | { readonly kind: 'card'; readonly channel: string }
  | ({ readonly kind: 'thread'; readonly channel: string } & MessageContent)
  /** To one person: a direct message. */
  | ({ readonly kind: 'direct'; readonly user: string } & MessageContent)
  /** Seen by one person only, where they are. Cannot be looked up, so it may come twice. */
  | ({
      readonly kind: 'private';
      readonly channel: string;
      readonly user: string;
      readonly thread: string | null;
    } & MessageContent);

export interface NewOutboxRow {
  readonly key: string;
  readonly mirror: string | null;
  readonly message: OutboxMessage;
  readonly at: number;
}

export interface OutboxRow {
  readonly id: number;
  readonly lane: string;
  readonly key: string;
  readonly mirror: string | null;
  readonly message: OutboxMessage;
  readonly state: 'pending' | 'inflight';
  readonly attempts: number;
  readonly notBefore: number;
  readonly createdAt: number;
}

export function createOutbox(db: SqliteDatabase): Outbox {
  const sql = prepareStatements(db);
  return {
    add({ key, mirror, message, at }) {
      const lane = laneOf(message);
      if (message.kind === 'private') sql.dropWaiting.run(lane);
      sql.add.run({ key, mirror, lane, message: JSON.stringify(message), at });
    },
    heads: () =>
      // Written by us, as it is read here.
      sql.heads.all().map((row) => ({ ...row, message: JSON.parse(row.message) as OutboxMessage })),
    begin: (id) => sql.begin.run(id).changes > 0,
    postpone: (id, notBefore) => void sql.wait.run({ id, state: 'pending', notBefore }),
    defer: (id, notBefore) => void sql.defer.run({ id, notBefore }),
    doubt: (id, notBefore) => void sql.wait.run({ id, state: 'inflight', notBefore }),
    sent: (id, sent) => void sql.sent.run({ id, ...sent }),
    dead: (id, error, at) => void sql.dead.run({ id, error, at }),
    deadOfMirror: (mirror, error, at) => void sql.deadOfMirror.run({ mirror, error, at }),
    counts() {
      const by = new Map(sql.counts.all().map(({ state, count }) => [state, count]));
      const count = (state: string): number => by.get(state) ?? 0;
      return {
        pending: count('pending'),
        inflight: count('inflight'),
        sent: count('sent'),
        dead: count('dead'),
        oldestWaiting: sql.oldest.get() ?? null,
        lastError: sql.lastError.get() ?? null,
      };
    },
    prune: (before) => void sql.prune.run(before),
  };
}

/** One message after the other in a channel; private answers wait for nobody. */
function laneOf(message: OutboxMessage): string {
  switch (message.kind) {
    case 'direct':
      return message.user;
    case 'private':
      return `${message.channel}/${message.user}`;
    default:
      return message.channel;
  }
}

const prepareStatements = (db: SqliteDatabase) => ({
  add: db.prepare<[{ key: string; mirror: string | null; lane: string; message: string; at: number }]>(
    `INSERT INTO slack_outbox (lane, key, mirror_id, message, state, attempts, not_before, created_at)
     VALUES (@lane, @key, @mirror, @message, 'pending', 0, 0, @at) ON CONFLICT (key) DO NOTHING`,
  ),
  dropWaiting: db.prepare<[string]>(`DELETE FROM slack_outbox WHERE lane = ? AND state = 'pending'`),
  heads: db.prepare<[], Omit<OutboxRow, 'message'> & { readonly message: string }>(
    `SELECT id, lane, key, mirror_id AS mirror, message, state, attempts, not_before AS notBefore, created_at AS createdAt
     FROM slack_outbox
     WHERE id IN (
       SELECT min(waiting.id)
       FROM slack_outbox AS waiting LEFT JOIN slack_mirrors AS mirror ON mirror.id = waiting.mirror_id
       WHERE waiting.state IN ('pending', 'inflight')
         AND (mirror.state IS NOT 'paused' OR json_extract(waiting.message, '$.kind') NOT IN ('card', 'thread'))
       GROUP BY waiting.lane)
     ORDER BY id`,
  ),
  begin: db.prepare<[number]>(
    `UPDATE slack_outbox SET state = 'inflight', attempts = attempts + 1
     WHERE id = ? AND state IN ('pending', 'inflight')`,
  ),
  defer: db.prepare<[{ id: number; notBefore: number }]>(
    'UPDATE slack_outbox SET attempts = attempts + 1, not_before = @notBefore WHERE id = @id',
  ),
  wait: db.prepare<[{ id: number; state: string; notBefore: number }]>(
    // One that died while it was under way stays dead: what it said is gone.
    `UPDATE slack_outbox SET state = @state, not_before = @notBefore
     WHERE id = @id AND state IN ('pending', 'inflight')`,
  ),
  sent: db.prepare<[{ id: number; channel: string; ts: string; at: number }]>(
    `UPDATE slack_outbox SET state = 'sent', message = NULL, channel_id = @channel, ts = @ts, done_at = @at
     WHERE id = @id`,
  ),
  dead: db.prepare<[{ id: number; error: string; at: number }]>(
    `UPDATE slack_outbox SET state = 'dead', message = NULL, error = @error, done_at = @at WHERE id = @id`,
  ),
  deadOfMirror: db.prepare<[{ mirror: string; error: string; at: number }]>(
    `UPDATE slack_outbox SET state = 'dead', message = NULL, error = @error, done_at = @at
     WHERE mirror_id = @mirror AND state IN ('pending', 'inflight') AND json_extract(message, '$.kind') IN ('card', 'thread')`,
  ),
  counts: db.prepare<[], { readonly state: string; readonly count: number }>(
    'SELECT state, count(*) AS count FROM slack_outbox GROUP BY state',
  ),
  oldest: db
    .prepare<[], number | null>(
      `SELECT min(created_at) FROM slack_outbox WHERE state IN ('pending', 'inflight')`,
    )
    .pluck(),
  lastError: db
    .prepare<[], string>(
      `SELECT error FROM slack_outbox WHERE state = 'dead' ORDER BY done_at DESC, id DESC LIMIT 1`,
    )
    .pluck(),
  prune: db.prepare<[number]>(`DELETE FROM slack_outbox WHERE done_at < ? AND mirror_id IS NULL`),
});

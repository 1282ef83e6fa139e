import type { SqliteDatabase } from '../log/sqlite-database.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';

/**
 * Cards in channels, in SQLite (`schema/0012_slack.sql`). What belongs together is written in one transaction of
 * `SlackStore`; times are ms since 1970.
 */
export interface Mirrors {
  /** False, and nothing is stored, where the quote has a card in this channel already. */
  add(mirror: NewMirror): boolean;
  find(id: string): Mirror | null;
  /** The one that is live or paused. */
  ofChannel(quote: QuoteId, channel: string): Mirror | null;
  ofQuote(quote: QuoteId): Mirror[];
  /** All that have not ended. */
  open(): Mirror[];
  setState(id: string, state: MirrorState, why: string | null, at: number): void;
  posted(id: string, rootTs: string, shown: Shown): void;
  shown(id: string, shown: Shown): void;
  /** The next card is sent whatever it shows. */
  forgetShown(id: string): void;
  followed(id: string, seq: number, total: string): void;
  renameChannel(channel: string, name: string): void;

  batches(): Batch[];
  batch(mirror: string, user: UserId, kind: BatchKind): Batch | null;
  putBatch(batch: Batch): void;
  deleteBatch(batch: Pick<Batch, 'mirror' | 'user' | 'kind'>): void;

  /** Gives up what ended before `before`. */
  prune(before: number): void;
}

/**
 *     live -> paused -> live        Slack refuses the channel; tried again
 *     live -> ending -> ended       the session is over: the card is made final first
 *     paused -> ending              so it is of one that is paused; where it is refused again, it is left as it is
 *     any  -> ended                 the card is gone
 */
export type MirrorState = 'live' | 'paused' | 'ending' | 'ended';

export interface NewMirror {
  readonly id: string;
  readonly quote: QuoteId;
  readonly session: string;
  readonly channel: string;
  /** Without the sign before it: "deals". */
  readonly channelName: string;
  readonly sharedBy: UserId;
  readonly createdAt: number;
  readonly followedSeq: number;
  readonly followedTotal: string;
}

export interface Mirror extends NewMirror {
  readonly state: MirrorState;
  /** Of `paused` and `ended`, for a person. */
  readonly why: string | null;
  readonly stateAt: number;
  /** The card's message; null until it is posted. */
  readonly rootTs: string | null;
  readonly shownHash: string | null;
  readonly shownRevision: number | null;
  readonly shownAt: number | null;
}

/** The card as it was sent. */
export interface Shown {
  readonly hash: string;
  readonly revision: number;
  readonly at: number;
}

/** `edits`: what stood. `lost`: what was overridden. `held`: what waits for somebody to choose. */
export type BatchKind = 'edits' | 'lost' | 'held';

export interface Batch {
  readonly mirror: string;
  readonly user: UserId;
  readonly kind: BatchKind;
  readonly openedAt: number;
  readonly lastAt: number;
  readonly firstSeq: number;
  /** JSON, see `edit-tally.ts` and `notices.ts`. */
  readonly content: string;
}

export function createMirrors(db: SqliteDatabase): Mirrors {
  const sql = prepareStatements(db);
  return {
    add: (mirror) => sql.add.run(mirror).changes > 0,
    find: (id) => sql.find.get(id) ?? null,
    ofChannel: (quote, channel) => sql.ofChannel.get(quote, channel) ?? null,
    ofQuote: (quote) => sql.ofQuote.all(quote),
    open: () => sql.open.all(),
    setState: (id, state, why, at) => void sql.setState.run({ id, state, why, at }),
    posted: (id, rootTs, shown) => void sql.posted.run({ id, rootTs, ...shown }),
    shown: (id, shown) => void sql.shown.run({ id, ...shown }),
    forgetShown: (id) => void sql.forgetShown.run(id),
    followed: (id, seq, total) => void sql.followed.run({ id, seq, total }),
    renameChannel: (channel, name) => void sql.renameChannel.run(name, channel),
    batches: () => sql.batches.all(),
    batch: (mirror, user, kind) => sql.batch.get(mirror, user, kind) ?? null,
    putBatch: (batch) => void sql.putBatch.run(batch),
    deleteBatch: ({ mirror, user, kind }) => void sql.deleteBatch.run(mirror, user, kind),
    prune: (before) => void sql.prune.run(before),
  };
}

const MIRROR =
  'id, quote_id AS quote, session_id AS session, channel_id AS channel, channel_name AS channelName, ' +
  'shared_by AS sharedBy, created_at AS createdAt, state, why, state_at AS stateAt, root_ts AS rootTs, ' +
  'shown_hash AS shownHash, shown_revision AS shownRevision, shown_at AS shownAt, followed_seq AS followedSeq, ' +
  'followed_total AS followedTotal';
const BATCH =
  'mirror_id AS mirror, user_id AS user, kind, opened_at AS openedAt, last_at AS lastAt, first_seq AS firstSeq, content';

type ShownCells = Shown & { readonly id: string };

const prepareStatements = (db: SqliteDatabase) => ({
  add: db.prepare<[NewMirror]>(
    `INSERT INTO slack_mirrors (id, quote_id, session_id, channel_id, channel_name, shared_by, created_at, state,
       state_at, followed_seq, followed_total)
     VALUES (@id, @quote, @session, @channel, @channelName, @sharedBy, @createdAt, 'live', @createdAt, @followedSeq,
       @followedTotal)
     ON CONFLICT DO NOTHING`,
  ),
  find: db.prepare<[string], Mirror>(`SELECT ${MIRROR} FROM slack_mirrors WHERE id = ?`),
  ofChannel: db.prepare<[string, string], Mirror>(
    `SELECT ${MIRROR} FROM slack_mirrors WHERE quote_id = ? AND channel_id = ? AND state IN ('live', 'paused')`,
  ),
  ofQuote: db.prepare<[string], Mirror>(
    `SELECT ${MIRROR} FROM slack_mirrors WHERE quote_id = ? ORDER BY created_at, id`,
  ),
  open: db.prepare<[], Mirror>(
    `SELECT ${MIRROR} FROM slack_mirrors WHERE state <> 'ended' ORDER BY created_at, id`,
  ),
  setState: db.prepare<[{ id: string; state: MirrorState; why: string | null; at: number }]>(
    'UPDATE slack_mirrors SET state = @state, why = @why, state_at = @at WHERE id = @id',
  ),
  posted: db.prepare<[ShownCells & { readonly rootTs: string }]>(
    `UPDATE slack_mirrors SET root_ts = @rootTs, shown_hash = @hash, shown_revision = @revision, shown_at = @at
     WHERE id = @id`,
  ),
  shown: db.prepare<[ShownCells]>(
    'UPDATE slack_mirrors SET shown_hash = @hash, shown_revision = @revision, shown_at = @at WHERE id = @id',
  ),
  forgetShown: db.prepare<[string]>('UPDATE slack_mirrors SET shown_hash = NULL WHERE id = ?'),
  followed: db.prepare<[{ id: string; seq: number; total: string }]>(
    'UPDATE slack_mirrors SET followed_seq = @seq, followed_total = @total WHERE id = @id',
  ),
  renameChannel: db.prepare<[string, string]>(
    'UPDATE slack_mirrors SET channel_name = ? WHERE channel_id = ?',
  ),
  batches: db.prepare<[], Batch>(`SELECT ${BATCH} FROM slack_batches ORDER BY opened_at, mirror_id, user_id`),
  batch: db.prepare<[string, string, string], Batch>(
    `SELECT ${BATCH} FROM slack_batches WHERE mirror_id = ? AND user_id = ? AND kind = ?`,
  ),
  putBatch: db.prepare<[Batch]>(
    `INSERT INTO slack_batches (mirror_id, user_id, kind, opened_at, last_at, first_seq, content)
     VALUES (@mirror, @user, @kind, @openedAt, @lastAt, @firstSeq, @content)
     ON CONFLICT (mirror_id, user_id, kind) DO UPDATE SET last_at = excluded.last_at, content = excluded.content`,
  ),
  deleteBatch: db.prepare<[string, string, string]>(
    'DELETE FROM slack_batches WHERE mirror_id = ? AND user_id = ? AND kind = ?',
  ),
  prune: db.prepare<[number]>(`DELETE FROM slack_mirrors WHERE state = 'ended' AND state_at < ?`),
});

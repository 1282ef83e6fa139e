import type { SqliteDatabase } from '../log/sqlite-database.ts';
import type { UserId } from '../lib/ids.ts';

/** Which of our people a Slack user is, where they said so by a link, in SQLite. */
export interface Accounts {
  userOf(slackUser: string): UserId | null;
  /** The Slack user of a person, the newest link first. */
  slackUserOf(user: UserId): string | null;
  link(slackUser: string, user: UserId, at: number): void;
  unlinkAllOf(user: UserId): void;
  /** The newest code of a Slack user takes the place of older ones. */
  addCode(code: LinkCode): void;
  code(hash: Uint8Array, at: number): Pick<LinkCode, 'slackUser' | 'slackName'> | null;
  /** False where somebody used it first. */
  useCode(hash: Uint8Array): boolean;
  /** Forgets those that have run out. */
  pruneCodes(at: number): void;
}

export interface LinkCode {
  readonly hash: Uint8Array;
  readonly slackUser: string;
  readonly slackName: string;
  readonly expiresAt: number;
}

export function createAccounts(db: SqliteDatabase): Accounts {
  const sql = prepareStatements(db);
  const addCode = db.transaction((code: LinkCode) => {
    sql.dropCodes.run(code.slackUser);
    sql.addCode.run(code);
  });
  return {
    userOf: (slackUser) => sql.userOf.get(slackUser) ?? null,
    slackUserOf: (user) => sql.slackUserOf.get(user) ?? null,
    link: (slackUser, user, at) => void sql.link.run({ slackUser, user, at }),
    unlinkAllOf: (user) => void sql.unlink.run(user),
    addCode: (code) => addCode.immediate(code),
    code: (hash, at) => sql.code.get(hash, at) ?? null,
    pruneCodes: (at) => void sql.pruneCodes.run(at),
    useCode: (hash) => sql.useCode.run(hash).changes > 0,
  };
}

const prepareStatements = (db: SqliteDatabase) => ({
  userOf: db.prepare<[string], UserId>('SELECT user_id FROM slack_accounts WHERE slack_user = ?').pluck(),
  slackUserOf: db
    .prepare<[string], string>(
      'SELECT slack_user FROM slack_accounts WHERE user_id = ? ORDER BY linked_at DESC, slack_user LIMIT 1',
    )
    .pluck(),
  link: db.prepare<[{ slackUser: string; user: string; at: number }]>(
    `INSERT INTO slack_accounts (slack_user, user_id, linked_at) VALUES (@slackUser, @user, @at)
     ON CONFLICT (slack_user) DO UPDATE SET user_id = excluded.user_id, linked_at = excluded.linked_at`,
  ),
  unlink: db.prepare<[string]>('DELETE FROM slack_accounts WHERE user_id = ?'),
  dropCodes: db.prepare<[string]>('DELETE FROM slack_link_codes WHERE slack_user = ?'),
  addCode: db.prepare<[LinkCode]>(
    `INSERT INTO slack_link_codes (code_hash, slack_user, slack_name, expires_at)
     VALUES (@hash, @slackUser, @slackName, @expiresAt)`,
  ),
  code: db.prepare<[Uint8Array, number], Pick<LinkCode, 'slackUser' | 'slackName'>>(
    'SELECT slack_user AS slackUser, slack_name AS slackName FROM slack_link_codes WHERE code_hash = ? AND ? < expires_at',
  ),
  pruneCodes: db.prepare<[number]>('DELETE FROM slack_link_codes WHERE expires_at <= ?'),
  useCode: db.prepare<[Uint8Array]>('DELETE FROM slack_link_codes WHERE code_hash = ?'),
});

import type { SqliteDatabase } from '../log/sqlite-database.ts';
import { type Bucket, type Rate, type Taken, hold, takeToken } from './budgets.ts';

/** What may be sent now, remembered over a restart; and whether anything may be sent at all. In SQLite. */
export interface Budgets {
  /** Takes one of this name, or says from when there is one. */
  take(name: string, rate: Rate, at: number): Taken;
  /** Slack asked to wait. */
  hold(name: string, until: number, at: number): void;
  /** Why nothing is sent: a token that Slack no longer takes. Null: all is well. */
  stop(): Stop | null;
  setStop(stop: Stop | null): void;
}

export interface Stop {
  /** For a person. */
  readonly why: string;
  /** ms since 1970 */
  readonly at: number;
}

export function createBudgets(db: SqliteDatabase): Budgets {
  const sql = prepareStatements(db);
  return {
    take(name, rate, at) {
      const taken = takeToken(sql.find.get(name) ?? null, rate, at);
      if (taken.kind === 'taken') sql.put.run({ name, ...taken.bucket });
      return taken;
    },
    hold: (name, until, at) => void sql.put.run({ name, ...hold(sql.find.get(name) ?? null, until, at) }),
    stop: () => sql.stop.get() ?? null,
    setStop(stop) {
      if (stop === null) sql.clearStop.run();
      else sql.setStop.run(stop);
    },
  };
}

const prepareStatements = (db: SqliteDatabase) => ({
  find: db.prepare<[string], Bucket>(
    'SELECT tokens, at, held_until AS heldUntil FROM slack_budgets WHERE name = ?',
  ),
  put: db.prepare<[Bucket & { readonly name: string }]>(
    `INSERT INTO slack_budgets (name, tokens, at, held_until) VALUES (@name, @tokens, @at, @heldUntil)
     ON CONFLICT (name) DO UPDATE SET tokens = excluded.tokens, at = excluded.at, held_until = excluded.held_until`,
  ),
  stop: db.prepare<[], Stop>('SELECT why, at FROM slack_stop'),
  setStop: db.prepare<[Stop]>(
    `INSERT INTO slack_stop (only, why, at) VALUES (1, @why, @at)
     ON CONFLICT (only) DO UPDATE SET why = excluded.why, at = excluded.at`,
  ),
  clearStop: db.prepare<[]>('DELETE FROM slack_stop'),
});

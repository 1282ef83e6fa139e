import type { SqliteDatabase } from '../log/sqlite-database.ts';
import { type Accounts, createAccounts } from './sqlite-accounts.ts';
import { type Budgets, createBudgets } from './sqlite-budgets.ts';
import { type Inbox, createInbox } from './sqlite-inbox.ts';
import { type Mirrors, createMirrors } from './sqlite-mirrors.ts';
import { type Outbox, createOutbox } from './sqlite-outbox.ts';

/**
 * All that the mirror remembers, beside the log and in the same database, which is migrated already and closed by who opened
 * it. What is written in one {@link SlackStore.transact} is there together or not at all.
 */
export interface SlackStore {
  readonly mirrors: Mirrors;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly accounts: Accounts;
  readonly budgets: Budgets;
  transact<T>(work: () => T): T;
}

export function createSlackStore(db: SqliteDatabase): SlackStore {
  return {
    mirrors: createMirrors(db),
    outbox: createOutbox(db),
    inbox: createInbox(db),
    accounts: createAccounts(db),
    budgets: createBudgets(db),
    transact: (work) => db.transaction(work).immediate(),
  };
}

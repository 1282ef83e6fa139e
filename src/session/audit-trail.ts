import type { SessionState } from '../wire/session-schemas.ts';
import { type LifecycleEvent, nextState } from './session-state.ts';
import type { AuditRecord, SessionRecord } from './session-store.ts';
import type { ConflictFacts, SessionNote } from './sessions.ts';

/**
 * A session's state and the audit of how it came to it. The state changes nowhere else, so each row begins in the state in which
 * the one before it ended. Rows wait here until they are written.
 */
export interface AuditTrail {
  state(): SessionState;
  /** Rows there are, also those not written yet. */
  count(): number;
  /** Adds a row, with what the event makes of the state. True where that is another one. */
  add(note: SessionNote, at: number, lifecycle?: Lifecycle): boolean;
  /** What the state would become. */
  stateAfter(lifecycle: Lifecycle): SessionState;
  hasRows(): boolean;
  takeRows(): readonly AuditRecord[];
  /** They were not stored. */
  giveBack(rows: readonly AuditRecord[]): void;
}

export interface Lifecycle {
  readonly event: LifecycleEvent;
  readonly people: number;
  /** With events of conflicts. */
  readonly conflicts?: ConflictFacts;
}

/** Rows that wait while the store takes none; what comes after them is lost. */
const ROWS_WAITING_MAX = 10_000;

export function createAuditTrail(session: Pick<SessionRecord, 'id' | 'state' | 'auditCount'>): AuditTrail {
  let { state, auditCount: count } = session;
  let rows: AuditRecord[] = [];

  const stateAfter = ({ event, people, conflicts = NO_CONFLICTS }: Lifecycle): SessionState =>
    nextState(state, event, { people, ...conflicts });

  return {
    state: () => state,
    count: () => count,
    add({ event, by: user, why = null, detail = null }, at, lifecycle) {
      const from = state;
      if (lifecycle !== undefined) state = stateAfter(lifecycle);
      if (rows.length < ROWS_WAITING_MAX) {
        count += 1;
        rows.push({ session: session.id, n: count, at, event, from, to: state, user, why, detail });
      }
      return from !== state;
    },
    stateAfter,
    hasRows: () => rows.length > 0,
    takeRows() {
      const taken = rows;
      rows = [];
      return taken;
    },
    giveBack(taken) {
      rows = [...taken, ...rows];
    },
  };
}

const NO_CONFLICTS: ConflictFacts = { open: 0, resolving: 0 };

import { Fault } from '../lib/fault.ts';
import { AUDIT_ROWS_WAITING_MAX } from '../lib/limits.ts';
import type { SessionState } from '../wire/session-schemas.ts';
import { type LifecycleEvent, nextState } from './session-state.ts';
import type { AuditRecord, SessionRecord } from './session-store.ts';
import type { ConflictFacts, SessionNote } from './sessions.ts';

/**
 * A session's state and the audit of how it came to it. The state changes nowhere else, so each row begins in the state in which
 * the one before it ended. Rows wait here until they are written; of too many one last row, `lost_rows`, stands for all that come
 * after them.
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

/** `report` is told once that rows are lost, until some were written. */
export function createAuditTrail(
  session: Pick<SessionRecord, 'id' | 'state' | 'auditCount'>,
  report: (error: unknown) => void,
): AuditTrail {
  let { state, auditCount: count } = session;
  let rows: AuditRecord[] = [];
  /** For how many the newest row `lost_rows` stands. */
  let lost = 0;

  const stateAfter = ({ event, people, conflicts = NO_CONFLICTS }: Lifecycle): SessionState =>
    nextState(state, event, { people, ...conflicts });

  /** One more row that there is no room for. */
  function addLost(from: SessionState, at: number): void {
    const last = rows.at(-1);
    if (last?.event === LOST_ROWS) {
      lost += 1;
      rows[rows.length - 1] = { ...last, to: state, detail: { rows: lost, until: at } };
      return;
    }
    lost = 1;
    count += 1;
    const what = { event: LOST_ROWS, user: null, why: 'too many waited', detail: { rows: lost, until: at } };
    rows.push({ session: session.id, n: count, at, from, to: state, ...what });
    report(lostRows(session.id));
  }

  return {
    state: () => state,
    count: () => count,
    add({ event, by: user, why = null, detail = null }, at, lifecycle) {
      const from = state;
      if (lifecycle !== undefined) state = stateAfter(lifecycle);
      if (rows.length < AUDIT_ROWS_WAITING_MAX) {
        count += 1;
        rows.push({ session: session.id, n: count, at, event, from, to: state, user, why, detail });
      } else addLost(from, at);
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

const LOST_ROWS = 'lost_rows';

const lostRows = (session: string): Fault =>
  new Fault({
    code: 'audit_rows_lost',
    message:
      `over ${AUDIT_ROWS_WAITING_MAX} audit rows of session ${session} wait to be written, and what comes now is only ` +
      'counted: see why the database takes nothing, and put that right',
    retryable: false,
  });

const NO_CONFLICTS: ConflictFacts = { open: 0, resolving: 0 };

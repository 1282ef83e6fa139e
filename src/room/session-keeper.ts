import { hasHeld } from '../session/session-state.ts';
import type { Ending, Session, Sessions } from '../session/sessions.ts';
import type { Rooms } from './rooms.ts';

/**
 * Does what is due of sessions, and ends them in order: first what is held is settled, durably and still within the session, then
 * the session is over, its people are told, and their connections are closed with 4410. The log stays as it is.
 */
export interface SessionKeeper {
  /** Everything that hangs on time; called every second. */
  tick(): void;
  /** Resolves when it is over; ended already is fine. */
  end(session: Session, ending: Ending): Promise<void>;
}

interface Deps {
  readonly sessions: Sessions;
  readonly rooms: Pick<Rooms, 'open' | 'peek'>;
  /** ms since 1970 when the process began, and never running back since */
  readonly steadyNow: () => number;
  readonly report: (error: unknown) => void;
}

/** While one conflict is settled another may be held; after so many rounds the session ends all the same. */
const ROUNDS_MAX = 3;
/** A quote whose held conflicts wait, and that could not be opened, is tried again after this. */
const WAKE_EVERY_MS = 30_000;

export function createSessionKeeper({ sessions, rooms, steadyNow, report }: Deps): SessionKeeper {
  const ending = new Map<string, Promise<void>>();
  const wokenAt = new Map<string, number>();

  async function settleAll({ quote, state }: Session): Promise<void> {
    const room = hasHeld(state) ? await rooms.open(quote) : rooms.peek(quote);
    if (room === null) return;
    const { conflicts } = room;
    for (let round = 0; round < ROUNDS_MAX && conflicts.count() > 0; round++) await conflicts.expireAll();
  }

  async function finish(session: Session, why: Ending): Promise<void> {
    // Where nothing can be settled, as on a full disk, the conflicts wait for the next session.
    await settleAll(session).catch(report);
    await sessions.end(session.id, why, steadyNow());
  }

  /** Held conflicts run out also where nobody is there any more, and after a restart: a room with one stays open. */
  function wakeHeld(at: number): void {
    for (const { id, quote, state } of sessions.openOnes()) {
      if (!hasHeld(state) || rooms.peek(quote) !== null) wokenAt.delete(id);
      else if (at - (wokenAt.get(id) ?? -Infinity) >= WAKE_EVERY_MS) {
        wokenAt.set(id, at);
        rooms.open(quote).catch(report);
      }
    }
  }

  const keeper: SessionKeeper = {
    tick() {
      const at = steadyNow();
      const due = sessions.due(at);
      for (const { id } of due.warn) sessions.noteWarned(id, at);
      for (const session of due.end) keeper.end(session, { by: null, why: 'inactive' }).catch(report);
      for (const { quote, connection } of due.away) rooms.peek(quote)?.hush(connection);
      for (const { quote, user } of due.gone) rooms.peek(quote)?.conflicts.letGoOfAll(user);
      wakeHeld(at);
    },
    end(session, why) {
      const ended = ending.get(session.id) ?? finish(session, why).finally(() => ending.delete(session.id));
      ending.set(session.id, ended);
      return ended;
    },
  };
  return keeper;
}

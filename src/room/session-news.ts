import type { Session, SessionChange } from '../session/sessions.ts';
import { closeCodes } from '../wire/close-codes.ts';
import type { ConflictDesk } from './conflict-desk.ts';
import type { Member } from './member.ts';
import type { Membership } from './membership.ts';
import type { RoomSession } from './room-session.ts';

/** What members who ask for events are told of the session and of held conflicts, beside the edits themselves. */
export interface SessionNews {
  /** The member was sent its `hello`: before that it is told nothing else. */
  greet(member: Member): void;
  /** The session is another now. Where it ended, everyone is let go. */
  changed(session: Session, change: SessionChange): void;
  /** Held conflicts are others now. */
  tellConflicts(): void;
  /** The same to one whose role or permission is another now, and with it what they may see of them. */
  tellConflictsTo(member: Member): void;
}

interface Deps {
  readonly membership: Pick<Membership, 'members' | 'emptyOut'>;
  readonly session: RoomSession;
  readonly desk: ConflictDesk;
  readonly steadyNow: () => number;
}

export function createSessionNews({ membership, session, desk, steadyNow }: Deps): SessionNews {
  const { members } = membership;
  const greeted = new WeakSet<Member>();

  function tellOne(member: Member): void {
    if (!member.wantsEvents) return;
    member.tell({ type: 'conflicts', conflicts: desk.list(member.actor) }, steadyNow());
  }

  const news: SessionNews = {
    greet(member) {
      greeted.add(member);
      const message = session.currentMessage();
      if (message !== null) member.tell(message, steadyNow());
      // Also that there are none: a client that comes back may know of some.
      tellOne(member);
    },
    changed(changed, { kind }) {
      if (kind === 'started' || kind === 'people') return;
      const at = steadyNow();
      const message = session.message(changed);
      for (const member of members.values()) if (greeted.has(member)) member.tell(message, at);
      if (kind === 'ended') membership.emptyOut(closeCodes.sessionEnded, endReason(changed));
    },
    tellConflicts() {
      for (const member of members.values()) if (greeted.has(member)) tellOne(member);
    },
    tellConflictsTo(member) {
      if (desk.count() > 0) tellOne(member);
    },
  };

  return news;
}

const endReason = ({ endedWhy }: Session): string =>
  endedWhy === 'inactive' ? 'the session ended: nothing was done in it' : 'a host ended the session';

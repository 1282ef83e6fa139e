import type { Session, SessionChange } from '../session/sessions.ts';
import { closeCodes } from '../wire/close-codes.ts';
import { encodeEvent } from '../wire/frames.ts';
import type { ConflictDesk } from './conflict-desk.ts';
import type { Member } from './member.ts';
import type { Membership } from './membership.ts';
import type { RoomSession } from './room-session.ts';

/**
 * What members who ask for events are told of the session and of held conflicts, beside the edits themselves.
 *
 * The list of conflicts is told whole. It may be long, so it is made and encoded once for all who are
 * shown the same.
 */
export interface SessionNews {
  /** The member was sent its `hello`: before that it is told nothing else. */
  greet(member: Member): void;
  /** The session is another now. Where it ended, everyone is let go. */
  changed(session: Session, change: SessionChange): void;
  /** Held conflicts are others now. */
  tellConflicts(): void;
  /** The same where only who looks at them is: that costs nobody an edit, so it is told at most four times a second. */
  tellLooks(): void;
  /** The same to one whose role or permission is another now, and with it what they may see of them. */
  tellConflictsTo(member: Member): void;
}

interface Deps {
  readonly membership: Pick<Membership, 'members' | 'emptyOut'>;
  readonly session: RoomSession;
  readonly desk: ConflictDesk;
  readonly steadyNow: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
}

export function createSessionNews({ membership, session, desk, steadyNow, later }: Deps): SessionNews {
  const { members } = membership;
  const greeted = new WeakSet<Member>();
  let listedAt = -Infinity;
  let isListDue = false;

  function tellOne(member: Member): void {
    if (!member.wantsEvents) return;
    member.tell({ type: 'conflicts', conflicts: desk.list(member.actor) }, steadyNow());
  }

  function tellAll(): void {
    isListDue = false;
    listedAt = steadyNow();
    const frames = new Map<string, Uint8Array>();
    for (const member of members.values()) {
      if (!member.wantsEvents || !greeted.has(member)) continue;
      const view = desk.viewOf(member.actor);
      const frame =
        frames.get(view) ?? encodeEvent({ type: 'conflicts', conflicts: desk.list(member.actor) });
      frames.set(view, frame);
      member.send(frame, listedAt);
    }
  }

  return {
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
    tellConflicts: tellAll,
    tellLooks() {
      if (isListDue) return;
      const wait = listedAt + LIST_MS - steadyNow();
      if (wait <= 0) {
        tellAll();
        return;
      }
      isListDue = true;
      later(wait, () => {
        // Something else may have made it be told by now.
        if (isListDue) tellAll();
      });
    },
    tellConflictsTo(member) {
      if (desk.count() > 0) tellOne(member);
    },
  };
}

const LIST_MS = 250;

const endReason = ({ endedWhy }: Session): string =>
  endedWhy === 'inactive' ? 'the session ended: nothing was done in it' : 'a host ended the session';

import { type ActiveEdits } from '../authority/active-edits.ts';
import { mayEdit } from '../authority/role.ts';
import { type Limits, PRESENCE_FRAME_MS, PRESENCE_TIMEOUT_MS } from '../lib/limits.ts';
import type { CellId } from '../lib/ids.ts';
import { parseCellId } from '../quote/cell.ts';
import { GONE, type PresenceState, encodePresence, parsePresenceState } from '../wire/frames.ts';
import { colorOf } from '../wire/person-color.ts';
import type { Member } from './member.ts';
import { type PresenceBody, type PresenceUser, createPresence } from './presence.ts';
import type { Reservations } from './reservations.ts';

/**
 * The room's presence: takes what members say of themselves, opens and ends their active edits by it, and sends what
 * changed to everyone at most once in 50 ms.
 *
 * Whatever is sent in one frame comes back in one frame from every stock client that hears it, and has to be within the
 * limit for frames there: so frames are filled to half of it, and no state may be larger than that.
 */
export interface PresenceBoard {
  /** States that a member sent; all but its own are ignored. Null, or what no correct client would send. */
  receive(member: Member, states: readonly PresenceState[], at: number): string | null;
  /** Everyone's state, to one member. */
  sendAll(member: Member, at: number): void;
  /** The member's name, role or permission is another now. */
  reassigned(member: Member, at: number): void;
  leave(member: Member): void;
  /** Drops states that were not renewed in time. */
  tick(at: number): void;
  close(): void;
}

interface Deps {
  readonly members: ReadonlyMap<string, Member>;
  readonly activeEdits: ActiveEdits;
  readonly reservations: Reservations;
  readonly limits: Pick<Limits, 'otherFrameBytes'>;
  readonly steadyNow: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
}

export function createPresenceBoard({
  members,
  activeEdits,
  reservations,
  limits,
  steadyNow,
  later,
}: Deps): PresenceBoard {
  const presence = createPresence();
  const bytesMax = limits.otherFrameBytes / 2;
  let cancelSend: (() => void) | null = null;

  function sendSoon(): void {
    cancelSend ??= later(PRESENCE_FRAME_MS, () => {
      cancelSend = null;
      sendChanged(steadyNow());
    });
  }

  function sendChanged(at: number): void {
    const changed = presence.takeChanged();
    if (changed.length === 0) return;
    const frames = encodeFrames(changed, bytesMax);
    for (const member of members.values()) {
      if (!member.isLive) continue;
      const own = ownToHide(member, changed);
      const forMember =
        own === null
          ? frames
          : encodeFrames(
              changed.filter((state) => state !== own),
              bytesMax,
            );
      for (const frame of forMember) member.sendPresence(frame, at);
    }
  }

  /** The member's own state where our clock is ahead. That it is gone it may hear: a living client then shows itself again. */
  function ownToHide(member: Member, changed: readonly PresenceState[]): PresenceState | null {
    const own = presence.clientOf(member.id);
    if (own === null || !presence.isAhead(own)) return null;
    return changed.find(({ client, json }) => client === own && json !== GONE) ?? null;
  }

  function end(connection: string): void {
    activeEdits.left(connection);
    sendSoon();
  }

  /** Null, or what is wrong with it. */
  function receiveOwn(member: Member, { client, clock, json }: PresenceState, at: number): string | null {
    const bytes = Buffer.byteLength(json);
    if (bytes > bytesMax)
      return `a presence state of ${bytes} bytes; half of limits.otherFrameBytes is ${bytesMax}`;
    const state = parsePresenceState(json);
    if (!state.ok) return state.reason;
    const news = presence.update(member.id, { client, clock, state: state.value }, userOf(member), at);
    if (news === null) return null;
    reservations.announce(client, member.actor.user);
    if (news.replaced !== null) activeEdits.left(news.replaced);
    sendSoon();
    if (!news.isRenewal) noteEditing(member, state.value, at);
    return null;
  }

  function noteEditing(member: Member, state: PresenceBody | null, at: number): void {
    const { user, role, permission } = member.actor;
    const cell = mayEdit(permission) ? cellOf(state?.['editing']) : null;
    activeEdits.present(member.id, { user, role }, cell, at);
  }

  function isOwn(member: Member, client: number): boolean {
    const owner = reservations.ownerOf(client);
    return (owner === null || owner === member.actor.user) && presence.mayClaim(member.id, client);
  }

  return {
    receive(member, states, at) {
      for (const state of states) {
        const problem = isOwn(member, state.client) ? receiveOwn(member, state, at) : null;
        if (problem !== null) return problem;
      }
      return null;
    },
    sendAll(member, at) {
      const own = presence.clientOf(member.id);
      const others = presence.all().filter(({ client }) => client !== own);
      for (const frame of encodeFrames(others, bytesMax)) member.sendPresence(frame, at);
    },
    reassigned(member, at) {
      const state = presence.reassign(member.id, userOf(member));
      if (state === null) return;
      sendSoon();
      noteEditing(member, state, at);
    },
    leave(member) {
      presence.leave(member.id);
      end(member.id);
    },
    tick(at) {
      for (const connection of presence.silentSince(at - PRESENCE_TIMEOUT_MS)) {
        presence.silence(connection);
        end(connection);
      }
    },
    close() {
      cancelSend?.();
      cancelSend = null;
    },
  };
}

/** As few frames as hold them all, none of more than `bytesMax` but for a single state. */
function encodeFrames(states: readonly PresenceState[], bytesMax: number): Uint8Array[] {
  const parts: PresenceState[][] = [];
  let bytes = Infinity;
  for (const state of states) {
    const own = Buffer.byteLength(state.json) + STATE_HEADER_BYTES;
    if (bytes + own > bytesMax) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(state);
    bytes += own;
  }
  return parts.map(encodePresence);
}

/** Client id, clock and length in front of a state, at most. */
const STATE_HEADER_BYTES = 20;

const userOf = (member: Member): PresenceUser => ({
  ...member.user(),
  id: member.actor.user,
  color: colorOf(member.actor.user),
});

function cellOf(value: unknown): CellId | null {
  return typeof value === 'string' && parseCellId(value) !== null ? (value as CellId) : null;
}

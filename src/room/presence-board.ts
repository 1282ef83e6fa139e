import { type ActiveEdits } from '../authority/active-edits.ts';
import { mayEdit } from '../authority/role.ts';
import { type Limits, PRESENCE_FRAME_MS, PRESENCE_TIMEOUT_MS } from '../lib/limits.ts';
import type { CellId } from '../lib/ids.ts';
import { parseCellId } from '../quote/cell.ts';
import type { SaidHere } from '../session/sessions.ts';
import { GONE, type SaidState, encodePresenceState, joinPresence, parseSaidState } from '../wire/frames.ts';
import { colorOf } from '../wire/person-color.ts';
import type { Member } from './member.ts';
import { type PresenceBody, type PresenceNews, type PresenceUser, createPresence } from './presence.ts';
import type { Reservations } from './reservations.ts';

/**
 * The room's presence: takes what members say of themselves, opens and ends their active edits by it, tells the room of it, and
 * sends what changed to everyone else at most once in 50 ms. In a room of more than 50 it waits as many ms as there are
 * connections: each frame that goes to all of them comes back from all stock clients, so the cost of one grows with the room.
 *
 * Whatever is sent in one frame comes back in one frame from every stock client that hears it, and has to be within the
 * limit for frames there: so frames are filled to half of it, and no state may be larger than that.
 */
export interface PresenceBoard {
  /** States that a member sent; all but its own are ignored. Null, or what no correct client would send. */
  receive(member: Member, states: readonly SaidState[], at: number): string | null;
  /** Everyone's state, to one member. */
  sendAll(member: Member, at: number): void;
  /** The member's name, role or permission is another now. */
  reassigned(member: Member, at: number): void;
  /** Shows the member to nobody until they do something, see `presence.ts`; their active edit ends. They are not told. */
  hush(member: Member): void;
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
  /**
   * Told of each state that is no mere renewal, and where a state went while its connection goes on. That a connection ended,
   * and its state with it, whoever ended it knows.
   */
  readonly present: (member: Member, said: SaidHere, at: number) => void;
  readonly steadyNow: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
}

export function createPresenceBoard({
  members,
  activeEdits,
  reservations,
  limits,
  present,
  steadyNow,
  later,
}: Deps): PresenceBoard {
  const presence = createPresence();
  const bytesMax = limits.otherFrameBytes / 2;
  let cancelSend: (() => void) | null = null;

  function sendSoon(): void {
    cancelSend ??= later(Math.max(PRESENCE_FRAME_MS, members.size), () => {
      cancelSend = null;
      sendChanged(steadyNow());
    });
  }

  function sendChanged(at: number): void {
    const changed = presence.takeChanged();
    if (changed.length === 0) return;
    const states = changed.map(encodePresenceState);
    const frames = packFrames(states, bytesMax);
    const places = new Map(changed.map(({ client }, place) => [client, place]));
    for (const member of members.values()) {
      if (!member.isLive) continue;
      const place = places.get(presence.clientOf(member.id) ?? NO_CLIENT);
      const isWithout = place !== undefined && !mayHear(member, changed[place]?.json);
      const forMember = isWithout ? packFrames(states.toSpliced(place, 1), bytesMax) : frames;
      for (const frame of forMember) member.sendPresence(frame, at);
    }
  }

  /** Of itself a member hears only that it is gone, at which a living client shows itself again; not where that would be in vain. */
  const mayHear = (member: Member, ownJson: string | undefined): boolean =>
    ownJson === GONE && !presence.isHushed(member.id);

  /** A state went, while its connection goes on. */
  function end(member: Member, at: number): void {
    activeEdits.left(member.id);
    sendSoon();
    present(member, { editing: null, isActivity: false }, at);
  }

  /** Null, or what is wrong with it. */
  function receiveOwn(member: Member, said: SaidState, at: number): string | null {
    const { client, clock } = said;
    const bytes = said.end - said.start;
    if (bytes > bytesMax)
      return `a presence state of ${bytes} bytes; half of limits.otherFrameBytes is ${bytesMax}`;
    const state = parseSaidState(said);
    if (!state.ok) return state.reason;
    const news = presence.update(member.id, { client, clock, state: state.value }, userOf(member), at);
    if (news === null) return null;
    reservations.announce(client, member.actor.user);
    const replaced = members.get(news.replaced ?? '');
    if (news.replaced !== null) activeEdits.left(news.replaced);
    if (replaced !== undefined) present(replaced, { editing: null, isActivity: false }, at);
    sendSoon();
    noteNews(member, state.value, news, at);
    return null;
  }

  function noteNews(member: Member, state: PresenceBody | null, { kind }: PresenceNews, at: number): void {
    if (kind === 'renewal') return;
    const editing = editingOf(member, state);
    // Who goes idle, or is only shown again, has not touched the cell.
    if (kind !== 'idling' && kind !== 'return') noteEditing(member, editing, at);
    // Nor did anybody do anything where a connection says for the first time how things are: it may only have come back.
    present(member, { editing, isActivity: kind === 'change' }, at);
  }

  function noteEditing(member: Member, editing: CellId | null, at: number): void {
    const { user, role } = member.actor;
    activeEdits.present(member.id, { user, role }, editing, at);
  }

  function isOwn(member: Member, client: number): boolean {
    if (!presence.mayClaim(member.id, client)) return false;
    const owner = reservations.ownerOf(client);
    return owner === null || owner === member.actor.user;
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
      const states = others.map(encodePresenceState);
      for (const frame of packFrames(states, bytesMax)) member.sendPresence(frame, at);
    },
    reassigned(member, at) {
      const state = presence.reassign(member.id, userOf(member));
      if (state === null) return;
      sendSoon();
      const editing = editingOf(member, state);
      noteEditing(member, editing, at);
      present(member, { editing, isActivity: false }, at);
    },
    hush(member) {
      if (presence.hush(member.id)) end(member, steadyNow());
    },
    leave(member) {
      presence.leave(member.id);
      activeEdits.left(member.id);
      sendSoon();
    },
    tick(at) {
      for (const connection of presence.silentSince(at - PRESENCE_TIMEOUT_MS)) {
        presence.silence(connection);
        const member = members.get(connection);
        if (member !== undefined) end(member, at);
      }
    },
    close() {
      cancelSend?.();
      cancelSend = null;
    },
  };
}

/** As few frames as hold these encoded states, none of more than `bytesMax` but for a single state. */
function packFrames(states: readonly Uint8Array[], bytesMax: number): Uint8Array[] {
  const parts: Uint8Array[][] = [];
  let bytes = Infinity;
  for (const state of states) {
    if (bytes + state.length > bytesMax - FRAME_HEADER_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(state);
    bytes += state.length;
  }
  return parts.map(joinPresence);
}

/** Message type, length and count in front of the states, at most. */
const FRAME_HEADER_BYTES = 20;
const NO_CLIENT = -1;

const userOf = (member: Member): PresenceUser => ({
  ...member.user(),
  id: member.actor.user,
  color: colorOf(member.actor.user),
});

const editingOf = (member: Member, state: PresenceBody | null): CellId | null =>
  mayEdit(member.actor.permission) ? cellOf(state?.['editing']) : null;

function cellOf(value: unknown): CellId | null {
  return typeof value === 'string' && parseCellId(value) !== null ? (value as CellId) : null;
}

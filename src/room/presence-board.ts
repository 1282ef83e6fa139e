import { type ActiveEdits } from '../authority/active-edits.ts';
import { mayEdit } from '../authority/role.ts';
import { PRESENCE_FRAME_MS, PRESENCE_TIMEOUT_MS } from '../lib/limits.ts';
import type { CellId, UserId } from '../lib/ids.ts';
import { parseCellId } from '../quote/cell.ts';
import { type PresenceState, encodePresence } from '../wire/frames.ts';
import type { Member } from './member.ts';
import { createPresence } from './presence.ts';

/**
 * The room's presence: takes what members say of themselves, opens and ends their active edits by it, and sends what
 * changed to everyone at most once in 50 ms.
 */
export interface PresenceBoard {
  /** States that a member sent. All but its own are ignored. */
  receive(member: Member, states: readonly PresenceState[], at: number): boolean;
  /** Everyone's state, to one member. */
  sendAll(member: Member, at: number): void;
  leave(member: Member): void;
  /** The user for whom a connected client id is reserved, or null. */
  reservedFor(client: number): UserId | null;
  /** Drops states that were not renewed in time. */
  tick(at: number): void;
  close(): void;
}

interface Deps {
  readonly members: ReadonlyMap<string, Member>;
  readonly activeEdits: ActiveEdits;
  /** To whom a client id belongs by what it wrote, or null. */
  readonly ownerOf: (client: number) => UserId | null;
  readonly now: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
}

export function createPresenceBoard({ members, activeEdits, ownerOf, now, later }: Deps): PresenceBoard {
  const presence = createPresence();
  let cancelSend: (() => void) | null = null;

  function sendSoon(): void {
    cancelSend ??= later(PRESENCE_FRAME_MS, () => {
      cancelSend = null;
      sendChanged(now());
    });
  }

  function sendChanged(at: number): void {
    const changed = presence.takeChanged();
    if (changed.length === 0) return;
    const frame = encodePresence(changed);
    for (const member of members.values()) {
      const own = presence.clientOf(member.id);
      const isAhead = own !== null && presence.isAhead(own) && changed.some(({ client }) => client === own);
      const forMember = isAhead ? encodePresence(changed.filter(({ client }) => client !== own)) : frame;
      if (member.isLive) member.sendPresence(forMember, at);
    }
  }

  function drop(connection: string): void {
    presence.leave(connection);
    activeEdits.left(connection);
    sendSoon();
  }

  function receiveOwn(member: Member, said: PresenceState, at: number): boolean {
    const owner = ownerOf(said.client);
    if (owner !== null && owner !== member.actor.user) return false;
    const news = presence.update(member.id, said, { ...member.user(), color: colourOf(member.actor.user) }, at);
    if (news === null) return false;
    sendSoon();
    if (news.isRenewal) return false;
    const editing = mayEdit(member.actor.permission) ? cellOf(said.state?.['editing']) : null;
    activeEdits.present(member.id, { user: member.actor.user, role: member.actor.role }, editing, at);
    return true;
  }

  return {
    receive(member, states, at) {
      let isNew = false;
      for (const state of states) if (receiveOwn(member, state, at)) isNew = true;
      return isNew;
    },
    sendAll(member, at) {
      const own = presence.clientOf(member.id);
      const others = presence.all().filter(({ client }) => client !== own);
      member.sendPresence(encodePresence(others), at);
    },
    leave: (member) => drop(member.id),
    reservedFor(client) {
      const connection = presence.connectionOf(client);
      return connection === null ? null : (members.get(connection)?.actor.user ?? null);
    },
    tick(at) {
      for (const connection of presence.silentSince(at - PRESENCE_TIMEOUT_MS)) {
        presence.silence(connection);
        activeEdits.left(connection);
        sendSoon();
      }
    },
    close() {
      cancelSend?.();
      cancelSend = null;
    },
  };
}

function cellOf(value: unknown): CellId | null {
  return typeof value === 'string' && parseCellId(value) !== null ? (value as CellId) : null;
}

/** Hues that stay readable behind white text; a person has the same one everywhere. */
const COLOURS = ['#b42318', '#b54708', '#4d7c0f', '#027a48', '#0e7090', '#175cd3', '#5925dc', '#9f1ab1', '#c11574', '#475467'];

function colourOf(user: UserId): string {
  let sum = 0;
  for (let index = 0; index < user.length; index++) sum = (sum * 31 + user.charCodeAt(index)) >>> 0;
  return COLOURS[sum % COLOURS.length] ?? '#475467';
}

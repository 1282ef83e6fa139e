import type { UserId } from '../lib/ids.ts';
import { GONE, type PresenceState } from '../wire/frames.ts';
import type { WireUser } from '../wire/user-schema.ts';

/**
 * Who is in the room and where, as the server vouches for it: one state per connection, under the one Yjs client id that
 * belongs to it, with the `user` part written from the verified token. What a client says of others, or of
 * itself, is dropped. Stateful, but without I/O or clock.
 *
 * Whoever calls lets a person say something only of ids that belong to them, see `reservations.ts`: stock clients say again what
 * they heard of others, also just after these left. Here a connection has one client, and a person who comes back before the
 * old connection is known to be dead takes their client along.
 *
 * Receivers ignore a state whose clock they have seen, and a client that comes back starts where it stopped: then our
 * clocks run ahead of its own by a fixed lead. Its own states must not be sent back to it: it would take the higher clock for news.
 *
 * A connection's state rests when it was taken away while the connection goes on. One that fell silent is shown again as soon as
 * anything is heard of it. One that is hushed, because nobody sat there for long, says the same again and again, or that it
 * is idle: it is shown again once it says anything else.
 */
export interface Presence {
  /** False if the connection has another client. */
  mayClaim(connection: string, client: number): boolean;
  /** Takes a state, or the going, of a client that the connection may claim. Null if nothing is new. */
  update(connection: string, said: SaidPresence, user: PresenceUser, at: number): PresenceNews | null;
  /** The same state under another name or role. Gives the state, or null where the connection has none. */
  reassign(connection: string, user: PresenceUser): PresenceBody | null;
  /** The Yjs client of a connection, or null before it said so. */
  clientOf(connection: string): number | null;
  /** The connection is gone: its client may come back over another one. */
  leave(connection: string): void;
  /** Takes a connection's state away until it is heard of again. */
  silence(connection: string): void;
  /** Takes a connection's state away until it says something else. False where it has none. */
  hush(connection: string): boolean;
  isHushed(connection: string): boolean;
  /** Connections whose state was not renewed since `before`. */
  silentSince(before: number): string[];
  /** All states, for a newcomer. */
  all(): PresenceState[];
  /** What changed since the last call, the gone ones too. */
  takeChanged(): PresenceState[];
}

/** The `user` part of a state. */
export interface PresenceUser extends WireUser {
  readonly id: UserId;
  /** CSS colour. */
  readonly color: string;
}

export type PresenceBody = Readonly<Record<string, unknown>>;

export interface SaidPresence {
  readonly client: number;
  readonly clock: number;
  /** Null: it is gone. */
  readonly state: PresenceBody | null;
}

export interface PresenceNews {
  /**
   * `first`: the connection had none. `renewal`: only the clock moved. `return`: the state that rested is shown again as it was. `idling`: nothing changed but
   * the status, to `idle` or `away`. `gone`: there is no state any more.
   */
  readonly kind: 'first' | 'renewal' | 'return' | 'idling' | 'change' | 'gone';
  /** The connection that the client had until now. */
  readonly replaced: string | null;
}

interface Entry extends Said {
  readonly client: number;
  readonly clock: number;
  readonly json: string;
  readonly at: number;
}

/** What is remembered of a client: the clock that it said last, and by how much ours is higher. */
interface Known {
  readonly said: number;
  readonly lead: number;
}

/** What a client says of itself. */
interface Said {
  readonly body: PresenceBody;
  /** The body as JSON, but for `user`. */
  readonly text: string;
}

/** The state of a connection that is not shown. */
interface Resting extends Said {
  readonly isHushed: boolean;
}

/** Clients that left are kept for their return. The oldest are forgotten. */
const REMEMBERED_CLIENTS_MAX = 10_000;

export function createPresence(): Presence {
  const byConnection = new Map<string, Entry>();
  const resting = new Map<string, Resting>();
  const connections = new Map<number, string>();
  const clients = new Map<string, number>();
  const known = new Map<number, Known>();
  const changed = new Set<number>();
  const gone = new Map<number, number>();

  function remember(client: number, what: Known): void {
    known.delete(client);
    known.set(client, what);
    if (known.size > REMEMBERED_CLIENTS_MAX) known.delete(known.keys().next().value ?? client);
  }

  /** The clock to show, or null where the state is no news. */
  function nextClock({ client, clock: said }: SaidPresence, isNew: boolean): number | null {
    // Receivers pass over a first state of clock 0.
    const former = known.get(client) ?? { said: said - 1, lead: said === 0 ? 1 : 0 };
    if (!isNew && said <= former.said) return null;
    const lead = said > former.said ? former.lead : former.lead + former.said - said + 1;
    remember(client, { said, lead });
    return said + lead;
  }

  function put(connection: string, entry: Entry): void {
    byConnection.set(connection, entry);
    resting.delete(connection);
    changed.add(entry.client);
    gone.delete(entry.client);
  }

  function drop(connection: string): void {
    const entry = byConnection.get(connection);
    if (entry === undefined) return;
    byConnection.delete(connection);
    changed.add(entry.client);
    gone.set(entry.client, entry.clock);
  }

  function rest(connection: string, isHushed: boolean): boolean {
    const former = byConnection.get(connection) ?? resting.get(connection);
    if (former === undefined) return false;
    resting.set(connection, { body: former.body, text: former.text, isHushed });
    drop(connection);
    return true;
  }

  /** Makes the client the connection's. Gives the one that had it, or null. */
  function claim(connection: string, client: number): string | null {
    const former = connections.get(client) ?? null;
    connections.set(client, connection);
    clients.set(connection, client);
    if (former === null || former === connection) return null;
    clients.delete(former);
    byConnection.delete(former);
    resting.delete(former);
    return former;
  }

  return {
    mayClaim: (connection, client) => (clients.get(connection) ?? client) === client,
    update(connection, said, user, at) {
      const { client, clock, state } = said;
      if (state === null) {
        if (connections.get(client) !== connection) return null;
        resting.delete(connection);
        if (!byConnection.has(connection)) return null;
        const { lead = 0 } = known.get(client) ?? {};
        remember(client, { said: clock, lead });
        drop(connection);
        return { kind: 'gone', replaced: null };
      }
      const replaced = claim(connection, client);
      const rested = resting.get(connection);
      const former = byConnection.get(connection);
      const shown = nextClock(said, former === undefined && rested?.isHushed !== true);
      if (shown === null) return null;
      const next = { body: state, text: textOf(state) };
      const step = stepOf(former ?? rested, next);
      if (rested?.isHushed === true && step !== 'change') {
        resting.set(connection, { ...next, isHushed: true });
        return null;
      }
      put(connection, { ...next, client, clock: shown, json: withUser(next.text, user), at });
      return { kind: step === 'renewal' && former === undefined ? 'return' : step, replaced };
    },
    reassign(connection, user) {
      const entry = byConnection.get(connection);
      const former = entry === undefined ? undefined : known.get(entry.client);
      if (entry === undefined || former === undefined) return null;
      remember(entry.client, { ...former, lead: former.lead + 1 });
      put(connection, { ...entry, clock: entry.clock + 1, json: withUser(entry.text, user) });
      return entry.body;
    },
    clientOf: (connection) => clients.get(connection) ?? null,
    leave(connection) {
      drop(connection);
      resting.delete(connection);
      const client = clients.get(connection);
      clients.delete(connection);
      if (client !== undefined) connections.delete(client);
    },
    silence: (connection) => void rest(connection, false),
    hush: (connection) => rest(connection, true),
    isHushed: (connection) => resting.get(connection)?.isHushed === true,
    silentSince: (before) =>
      [...byConnection].filter(([, { at }]) => at < before).map(([connection]) => connection),
    all: () => [...byConnection.values()].map(({ client, clock, json }) => ({ client, clock, json })),
    takeChanged() {
      const states = [...changed].flatMap((client): PresenceState[] => {
        const entry = byConnection.get(connections.get(client) ?? '');
        if (entry !== undefined) return [{ client, clock: entry.clock, json: entry.json }];
        const clock = gone.get(client);
        return clock === undefined ? [] : [{ client, clock, json: GONE }];
      });
      changed.clear();
      gone.clear();
      return states;
    },
  };
}

const textOf = (body: PresenceBody): string => JSON.stringify({ ...body, user: undefined });

/** The text of a state with the verified `user` in it. */
const withUser = (text: string, user: PresenceUser): string =>
  `${text.slice(0, -1)}${text === '{}' ? '' : ','}"user":${JSON.stringify(user)}}`;

const IDLE: readonly unknown[] = ['idle', 'away'];

/** What lies between two states of one client. */
function stepOf(former: Said | undefined, next: Said): 'first' | 'renewal' | 'idling' | 'change' {
  if (former === undefined) return 'first';
  if (former.text === next.text) return 'renewal';
  const isIdling =
    IDLE.includes(next.body['status']) && withoutStatus(former.body) === withoutStatus(next.body);
  return isIdling ? 'idling' : 'change';
}

const withoutStatus = (body: PresenceBody): string => textOf({ ...body, status: undefined });

import type { WireUser } from '../wire/messages.ts';
import type { PresenceState } from '../wire/frames.ts';

/**
 * Who is in the room and where, as the server vouches for it: one state per connection, under the one Yjs client id that
 * belongs to it, with the `user` part written from the verified token. What a client says of others, or of
 * itself, is dropped. Stateful, but without I/O or clock.
 *
 * Receivers ignore a state whose clock they have seen, and a client that comes back starts where it stopped: then our
 * clocks run ahead of its own by a fixed lead. Its own states are not sent back to it, since it would take the higher clock for news.
 */
export interface Presence {
  /**
   * Takes a client's own state, or its going. Null if nothing is new, or the client is not this connection's. `isRenewal`
   * says that only the clock moved.
   */
  update(connection: string, said: PresenceState, user: PresenceUser, at: number): { isRenewal: boolean } | null;
  /** The Yjs client of a connection, or null before it said so. */
  clientOf(connection: string): number | null;
  connectionOf(client: number): string | null;
  /** The connection is gone: its client may come back over another one. */
  leave(connection: string): void;
  /** Takes a connection's state away, but keeps its client for it. */
  silence(connection: string): void;
  /** True if our clock of this client runs ahead of its own. */
  isAhead(client: number): boolean;
  /** Connections whose state was not renewed since `before`. */
  silentSince(before: number): string[];
  /** All states, for a newcomer. */
  all(): PresenceState[];
  /** What changed since the last call, the gone ones too. */
  takeChanged(): PresenceState[];
}

/** The `user` part of a state. */
export interface PresenceUser extends WireUser {
  /** CSS colour. */
  readonly color: string;
}

interface Entry {
  readonly connection: string;
  readonly client: number;
  readonly clock: number;
  readonly state: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly at: number;
}

/** Clocks of clients that left, kept for their return. The oldest are forgotten. */
const REMEMBERED_CLOCKS_MAX = 10_000;

export function createPresence(): Presence {
  const byConnection = new Map<string, Entry>();
  const byClient = new Map<number, string>();
  const clients = new Map<string, number>();
  const clocks = new Map<number, { said: number; lead: number }>();
  const changed = new Set<number>();
  const gone = new Map<number, number>();

  function nextClock(client: number, said: number, isNew: boolean): number | null {
    const known = clocks.get(client);
    if (known === undefined) {
      clocks.set(client, { said, lead: 0 });
      if (clocks.size > REMEMBERED_CLOCKS_MAX) clocks.delete(clocks.keys().next().value ?? client);
      return said;
    }
    if (!isNew && said <= known.said) return null;
    const lead = isNew && said <= known.said ? known.lead + known.said - said + 1 : known.lead;
    clocks.set(client, { said, lead });
    return said + lead;
  }

  function drop(connection: string): void {
    const entry = byConnection.get(connection);
    if (entry === undefined) return;
    byConnection.delete(connection);
    changed.add(entry.client);
    gone.set(entry.client, entry.clock);
  }

  return {
    update(connection, { client, clock, state }, user, at) {
      const owner = byClient.get(client);
      if (owner !== undefined ? owner !== connection : clients.has(connection)) return null;
      byClient.set(client, connection);
      clients.set(connection, client);
      if (state === null) {
        if (!byConnection.has(connection)) return null;
        drop(connection);
        return { isRenewal: false };
      }
      const former = byConnection.get(connection);
      const next = nextClock(client, clock, former === undefined);
      if (next === null) return null;
      const whole = { ...state, user };
      const text = JSON.stringify(whole);
      byConnection.set(connection, { connection, client, clock: next, state: whole, text, at });
      changed.add(client);
      gone.delete(client);
      return { isRenewal: former?.text === text };
    },
    clientOf: (connection) => clients.get(connection) ?? null,
    connectionOf: (client) => byClient.get(client) ?? null,
    leave(connection) {
      drop(connection);
      const client = clients.get(connection);
      clients.delete(connection);
      if (client !== undefined) byClient.delete(client);
    },
    silence: drop,
    isAhead: (client) => (clocks.get(client)?.lead ?? 0) > 0,
    silentSince: (before) =>
      [...byConnection.values()].filter(({ at }) => at < before).map(({ connection }) => connection),
    all: () => [...byConnection.values()].map(({ client, clock, state }) => ({ client, clock, state })),
    takeChanged() {
      const states = [...changed].flatMap((client): PresenceState[] => {
        const entry = byConnection.get(byClient.get(client) ?? '');
        if (entry !== undefined) return [{ client, clock: entry.clock, state: entry.state }];
        const clock = gone.get(client);
        return clock === undefined ? [] : [{ client, clock, state: null }];
      });
      changed.clear();
      gone.clear();
      return states;
    },
  };
}

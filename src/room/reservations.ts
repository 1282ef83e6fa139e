import type { Ledger } from '../authority/ledger.ts';
import type { UserId } from '../lib/ids.ts';
import { RESERVATIONS_PER_USER_MAX } from '../lib/limits.ts';
import type { Reservation } from '../session/directory.ts';

/**
 * Whose a Yjs client id is: the first person's who writes under it or announces it by presence. Once something is written under
 * an id the ledger knows it for good; until then it is reserved here, also over the end of the room and of the process. Without
 * that, whoever comes into an empty room could write under the id of somebody who is away, and what that person edited
 * meanwhile would count as sent.
 *
 * Of each person the newest reservations are kept, so nobody can make room by announcing many.
 */
export interface Reservations {
  /** To whom a client id belongs, or null. */
  ownerOf(client: number): UserId | null;
  /** Somebody has shown themselves under an id: it is theirs if it was nobody's. */
  announce(client: number, user: UserId): void;
}

interface Deps {
  readonly ledger: Pick<Ledger, 'ownerOf'>;
  readonly stored: readonly Pick<Reservation, 'client' | 'user'>[];
  readonly save: (client: number, user: UserId) => void;
}

export function createReservations({ ledger, stored, save }: Deps): Reservations {
  const owners = new Map<number, UserId>();
  const clients = new Map<UserId, number[]>();

  function keep(client: number, user: UserId): void {
    const own = clients.get(user) ?? [];
    clients.set(user, own);
    owners.set(client, user);
    own.push(client);
    const oldest = own.length > RESERVATIONS_PER_USER_MAX ? own.shift() : undefined;
    if (oldest !== undefined) owners.delete(oldest);
  }

  for (const { client, user } of stored) keep(client, user);

  const ownerOf = (client: number): UserId | null => ledger.ownerOf(client) ?? owners.get(client) ?? null;

  return {
    ownerOf,
    announce(client, user) {
      if (ownerOf(client) !== null) return;
      keep(client, user);
      save(client, user);
    },
  };
}

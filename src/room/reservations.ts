import type { UserId } from '../lib/ids.ts';
import { RESERVATIONS_PER_USER_MAX } from '../lib/limits.ts';
import type { Reservation } from '../session/directory.ts';

/**
 * Whose the client ids are that were announced by presence. Once something is written under an id the log knows it for good;
 * until then this does, also over the end of the room and of the process. Without it, whoever comes into an empty room could
 * write under the id of somebody who is away, and what that person edited meanwhile would count as sent.
 *
 * Of each person the newest ids are kept, so nobody can make room by announcing many.
 */
export interface Reservations {
  ownerOf(client: number): UserId | null;
  /** Somebody announces an id that nobody else may claim. */
  note(client: number, user: UserId): void;
}

export function createReservations(
  stored: readonly Pick<Reservation, 'client' | 'user'>[],
  save: (client: number, user: UserId) => void,
): Reservations {
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

  return {
    ownerOf: (client) => owners.get(client) ?? null,
    note(client, user) {
      if (owners.has(client)) return;
      keep(client, user);
      save(client, user);
    },
  };
}

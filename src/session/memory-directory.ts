import type { QuoteId, UserId } from '../lib/ids.ts';
import { RESERVATIONS_PER_USER_MAX } from '../lib/limits.ts';
import type { Directory, Grant, Person, Reservation } from './directory.ts';

/** The directory in memory, for tests: all rules of the port, kept until the process ends. */
export function createMemoryDirectory(): Directory {
  const people = new Map<UserId, Person>();
  const grants = new Map<string, Grant>();
  const reservations = new Map<string, Reservation>();

  const found = (isWanted: (grant: Grant) => boolean): Grant[] =>
    [...grants.values()]
      .filter(isWanted)
      .toSorted((a, b) => inOrder(a.quote, b.quote) || inOrder(a.user, b.user));

  const reservationsIn = (quote: QuoteId): Reservation[] =>
    [...reservations.values()]
      .filter((reservation) => reservation.quote === quote)
      .toSorted((a, b) => a.at - b.at || a.client - b.client);

  return {
    see: async (person) => {
      const known = people.get(person.user);
      const newest = known !== undefined && known.tokenIssuedAt > person.tokenIssuedAt ? known : person;
      people.set(person.user, newest);
      return newest;
    },
    person: async (user) => people.get(user) ?? null,
    people: async (users) =>
      [...people.values()]
        .filter(({ user }) => users.includes(user))
        .toSorted((a, b) => inOrder(a.user, b.user)),

    byEmail: async (email) =>
      [...people.values()]
        .filter((one) => one.email?.toLowerCase() === email.toLowerCase())
        .toSorted((a, b) => inOrder(a.user, b.user)),
    everyone: async () => [...people.values()].toSorted((a, b) => inOrder(a.user, b.user)),
    async erase({ user, name, issuedFrom }) {
      const known = people.get(user) ?? null;
      if (known !== null) {
        const tokenIssuedAt = Math.max(known.tokenIssuedAt, issuedFrom);
        people.set(user, { ...known, name, email: null, tokenIssuedAt });
      }
      return known;
    },

    grants: async (quote) => found((grant) => grant.quote === quote),
    grant: async (quote, user) => grants.get(keyOf(quote, user)) ?? null,
    grantsOf: async (user) => found((grant) => grant.user === user),
    setGrant: async (grant) => void grants.set(keyOf(grant.quote, grant.user), grant),
    deleteGrant: async (quote, user) => void grants.delete(keyOf(quote, user)),

    async reserve(reservation) {
      const { quote, client, user } = reservation;
      const key = `${quote} ${client}`;
      if (reservations.has(key)) return;
      reservations.set(key, reservation);
      const own = reservationsIn(quote).filter((other) => other.user === user);
      for (const { client: old } of own.slice(0, -RESERVATIONS_PER_USER_MAX)) {
        reservations.delete(`${quote} ${old}`);
      }
    },
    reservations: async (quote) => reservationsIn(quote),

    close: async () => {},
  };
}

/** Quote ids hold no space. */
const keyOf = (quote: QuoteId, user: UserId): string => `${quote} ${user}`;

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

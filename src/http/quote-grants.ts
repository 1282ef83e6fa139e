import type { GivenPermission } from '../authority/role.ts';
import { type QuoteId, type UserId, isQuoteId } from '../lib/ids.ts';
import type { Grant, Person } from '../session/directory.ts';
import type { RouteDeps } from './app.ts';
import { HttpProblem, forbidden, noSuchQuote } from './problem.ts';
import { actorIn } from './quote-access.ts';
import { lookUpAnew } from './reassign.ts';
import { createTurns } from './turns.ts';

/**
 * Who may do what in a quote. Its hosts decide, and admins by role, in every quote: so one whose host left can be
 * handed on. A change takes effect at once, in connections that are open too. A quote with a host always keeps one.
 */
export interface QuoteGrants {
  /** For whoever sees the quote. */
  list(reader: Person, id: string): Promise<readonly Grant[]>;
  set(
    manager: Person,
    to: { readonly id: string; readonly user: UserId; readonly permission: GivenPermission },
  ): Promise<Grant>;
  /** Back to the default permission. */
  remove(manager: Person, from: { readonly id: string; readonly user: UserId }): Promise<void>;
}

export function createQuoteGrants(
  deps: Pick<RouteDeps, 'access' | 'directory' | 'log' | 'now' | 'rooms'>,
): QuoteGrants {
  const { directory } = deps;
  /** One at a time, or two hosts could each take the other's place at once, and none be left. */
  const changes = createTurns({ atOnce: 1, waitingMax: 1_000 });

  async function find(person: Person, id: string, need: 'see' | 'manage'): Promise<QuoteId> {
    if (!isQuoteId(id)) throw noSuchQuote();
    if (person.role !== 'admin') {
      const { actor } = await actorIn(deps, person, id);
      const isHost = actor.permission === 'host';
      if (need === 'manage' && !isHost)
        throw forbidden('Only hosts of this quote and admins manage its people.');
    }
    if ((await deps.log.head(id)) === null) throw noSuchQuote();
    return id;
  }

  return {
    async list(reader, id) {
      return directory.grants(await find(reader, id, 'see'));
    },
    set: (manager, { id, user, permission }) =>
      changes.run(async () => {
        const quote = await find(manager, id, 'manage');
        if (permission !== 'host') requireOtherHost(await directory.grants(quote), user);
        const grant = { quote, user, permission, grantedBy: manager.user, at: deps.now() };
        await directory.setGrant(grant);
        await deps.rooms.peek(quote)?.reassign(user, lookUpAnew(deps, quote));
        return grant;
      }),
    remove: (manager, { id, user }) =>
      changes.run(async () => {
        const quote = await find(manager, id, 'manage');
        requireOtherHost(await directory.grants(quote), user);
        await directory.deleteGrant(quote, user);
        await deps.rooms.peek(quote)?.reassign(user, lookUpAnew(deps, quote));
      }),
  };
}

function requireOtherHost(grants: readonly Grant[], user: UserId): void {
  const hosts = grants.filter(({ permission }) => permission === 'host');
  if (hosts.length !== 1 || hosts[0]?.user !== user) return;
  throw new HttpProblem({
    status: 409,
    code: 'last_host',
    message: `${user} is the only host of this quote. Make someone else a host first.`,
  });
}

import { type GivenPermission, type Permission, mayManage } from '../authority/role.ts';
import { type QuoteId, type UserId, isQuoteId } from '../lib/ids.ts';
import type { Grant, GrantSource, Person } from '../session/directory.ts';
import type { SessionNote } from '../session/sessions.ts';
import { type Entrance, type ShareLink, enterBy } from '../session/share-links.ts';
import type { RouteDeps } from './app.ts';
import { HttpProblem, forbidden, noAccess, noSuchQuote } from './problem.ts';
import { requireQuote } from './quote-access.ts';
import { reassignIn } from './reassign.ts';
import { createTurns } from './turns.ts';

/**
 * Who may do what in a quote. Its hosts decide, and admins by role, in every quote: so one whose host left can be
 * handed on. A change takes effect at once, in connections that are open too. A quote with a host always keeps one.
 */
export interface QuoteGrants {
  /** The quote with this id, for whoever sees it, or for whoever manages its people and links. Throws 403 or 404. */
  find(person: Person, id: string, need: 'see' | 'manage'): Promise<QuoteId>;
  /** For whoever sees the quote. */
  list(reader: Person, id: string): Promise<readonly Grant[]>;
  set(
    manager: Person,
    to: { readonly id: string; readonly user: UserId; readonly permission: GivenPermission },
  ): Promise<Grant>;
  /** Back to the default permission. */
  remove(manager: Person, from: { readonly id: string; readonly user: UserId }): Promise<void>;
  /** Those of these people who may manage the quote's people and links: its hosts and admins. */
  managersAmong(quote: QuoteId, users: readonly UserId[]): Promise<ReadonlySet<UserId>>;
  /**
   * Lets a person in by a share link. Where it gives them something it is looked up again when it is their turn: one that was
   * revoked meanwhile, or a person who was shut out meanwhile, does not slip through. Everyone else waits for nobody, and nobody
   * for them. Gives the link, and what they may do in its quote now.
   */
  enter(
    person: Person,
    findLink: () => Promise<ShareLink>,
  ): Promise<{ readonly link: ShareLink; readonly permission: Permission }>;
}

export function createQuoteGrants(
  deps: Pick<
    RouteDeps,
    'access' | 'defaultPermission' | 'directory' | 'log' | 'now' | 'rooms' | 'sessions' | 'steadyNow'
  >,
): QuoteGrants {
  const { access, defaultPermission, directory } = deps;
  /** One at a time, or two hosts could each take the other's place at once, and none be left. */
  const changes = createTurns({ atOnce: 1, waitingMax: 1_000 });

  async function find(person: Person, id: string, need: 'see' | 'manage'): Promise<QuoteId> {
    if (!isQuoteId(id)) throw noSuchQuote();
    const permission = await access.permissionOf(person.user, id);
    if (!mayManage({ role: person.role, permission })) {
      if (permission === 'none') throw noAccess();
      if (need === 'manage')
        throw forbidden('Only hosts of this quote and admins manage its people and links.');
    }
    await requireQuote(deps, id);
    return id;
  }

  /** A turn of those who manage the quote; whoever does not is refused without waiting for one. */
  async function manage<T>(manager: Person, id: string, change: (quote: QuoteId) => Promise<T>): Promise<T> {
    await find(manager, id, 'manage');
    return changes.run(async () => change(await find(manager, id, 'manage')));
  }

  async function give(grant: Grant): Promise<void> {
    const { quote, user, permission, grantedBy, source } = grant;
    await directory.setGrant(grant);
    note(quote, { event: 'permission_given', by: grantedBy, why: WHY[source], detail: { user, permission } });
    await reassignIn(deps, quote, user);
  }

  /** What the link does for the person as things are now; throws where it lets nobody in, or not them. */
  async function tryLink(
    user: UserId,
    findLink: () => Promise<ShareLink>,
  ): Promise<{ readonly link: ShareLink; readonly entrance: Exclude<Entrance, { kind: 'shut_out' }> }> {
    const link = await findLink();
    const entrance = enterBy(link, await directory.grant(link.quote, user), defaultPermission);
    if (entrance.kind !== 'shut_out') return { link, entrance };
    throw forbidden('A host removed you from this quote, so the link does not let you in. Ask a host.');
  }

  /** Into the audit of the open session, if there is one. */
  function note(quote: QuoteId, what: SessionNote): void {
    const session = deps.sessions.idOf(quote);
    if (session !== null) deps.sessions.note(session, what, deps.steadyNow());
  }

  return {
    find,
    async list(reader, id) {
      return directory.grants(await find(reader, id, 'see'));
    },
    set: (manager, { id, user, permission }) =>
      manage(manager, id, async (quote) => {
        if (permission !== 'host') requireOtherHost(await directory.grants(quote), user);
        const by = { grantedBy: manager.user, source: 'host', at: deps.now() } as const;
        const grant = { quote, user, permission, ...by };
        await give(grant);
        return grant;
      }),
    remove: (manager, { id, user }) =>
      manage(manager, id, async (quote) => {
        requireOtherHost(await directory.grants(quote), user);
        await directory.deleteGrant(quote, user);
        note(quote, { event: 'permission_taken', by: manager.user, detail: { user } });
        await reassignIn(deps, quote, user);
      }),
    async managersAmong(quote, users) {
      const people = new Map((await directory.people(users)).map((person) => [person.user, person]));
      const managers = new Set<UserId>();
      for (const user of new Set(users)) {
        const permission = await access.permissionOf(user, quote);
        // Who never signed in may have been made a host all the same; nobody is an admin before.
        if (mayManage({ role: people.get(user)?.role ?? 'sales_rep', permission })) managers.add(user);
      }
      return managers;
    },
    async enter({ user }, findLink) {
      const first = await tryLink(user, findLink);
      if (first.entrance.kind === 'kept') return { link: first.link, permission: first.entrance.permission };
      return changes.run(async () => {
        const { link, entrance } = await tryLink(user, findLink);
        const { quote, createdBy } = link;
        const { permission } = entrance;
        const by = { grantedBy: createdBy, source: 'link', at: deps.now() } as const;
        if (entrance.kind === 'given') await give({ quote, user, permission, ...by });
        return { link, permission };
      });
    },
  };
}

/** In the audit of a session. */
const WHY: Record<GrantSource, string> = { host: 'by_host', link: 'by_link' };

function requireOtherHost(grants: readonly Grant[], user: UserId): void {
  const hosts = grants.filter(({ permission }) => permission === 'host');
  if (hosts.length !== 1 || hosts[0]?.user !== user) return;
  throw new HttpProblem({
    status: 409,
    code: 'last_host',
    message: `${user} is the only host of this quote. Make someone else a host first.`,
  });
}

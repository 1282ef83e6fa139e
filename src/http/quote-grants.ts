import { type GivenPermission, type Permission, mayManage } from '../authority/role.ts';
import { type QuoteId, type UserId, isQuoteId } from '../lib/ids.ts';
import type { Grant, Person } from '../session/directory.ts';
import type { SessionNote } from '../session/sessions.ts';
import { type ShareLink, enterBy } from '../session/share-links.ts';
import type { RouteDeps } from './app.ts';
import { HttpProblem, forbidden, noAccess, noSuchQuote } from './problem.ts';
import { lookUpAnew } from './reassign.ts';
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
  /**
   * Lets a person in by a share link, which is looked up when it is their turn: one that was revoked meanwhile, or a
   * person who was shut out meanwhile, does not slip through. Gives the link, and what they may do in its quote now.
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
  const { defaultPermission, directory } = deps;
  /** One at a time, or two hosts could each take the other's place at once, and none be left. */
  const changes = createTurns({ atOnce: 1, waitingMax: 1_000 });

  async function find(person: Person, id: string, need: 'see' | 'manage'): Promise<QuoteId> {
    if (!isQuoteId(id)) throw noSuchQuote();
    const permission = await deps.access.permissionOf(person.user, id);
    if (!mayManage({ role: person.role, permission })) {
      if (permission === 'none') throw noAccess();
      if (need === 'manage')
        throw forbidden('Only hosts of this quote and admins manage its people and links.');
    }
    if ((await deps.log.head(id)) === null) throw noSuchQuote();
    return id;
  }

  async function give(grant: Grant, why: 'by_host' | 'by_link'): Promise<void> {
    const { quote, user, permission, grantedBy } = grant;
    await directory.setGrant(grant);
    note(quote, { event: 'permission_given', by: grantedBy, why, detail: { user, permission } });
    await deps.rooms.peek(quote)?.reassign(user, lookUpAnew(deps, quote));
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
      changes.run(async () => {
        const quote = await find(manager, id, 'manage');
        if (permission !== 'host') requireOtherHost(await directory.grants(quote), user);
        const grant = { quote, user, permission, grantedBy: manager.user, at: deps.now() };
        await give(grant, 'by_host');
        return grant;
      }),
    remove: (manager, { id, user }) =>
      changes.run(async () => {
        const quote = await find(manager, id, 'manage');
        requireOtherHost(await directory.grants(quote), user);
        await directory.deleteGrant(quote, user);
        note(quote, { event: 'permission_taken', by: manager.user, detail: { user } });
        await deps.rooms.peek(quote)?.reassign(user, lookUpAnew(deps, quote));
      }),
    enter: ({ user }, findLink) =>
      changes.run(async () => {
        const link = await findLink();
        const { quote, permission, createdBy } = link;
        const grant = await directory.grant(quote, user);
        const entrance = enterBy(permission, grant?.permission ?? null, defaultPermission);
        if (entrance.kind === 'shut_out')
          throw forbidden('A host removed you from this quote, so the link does not let you in. Ask a host.');
        if (entrance.kind === 'given')
          await give({ quote, user, permission, grantedBy: createdBy, at: deps.now() }, 'by_link');
        return { link, permission: entrance.permission };
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

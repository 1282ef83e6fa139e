import type { Actor } from '../authority/actor.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Reassigned } from '../room/room.ts';
import type { RouteDeps } from './app.ts';

/**
 * Looks up what a person is in a quote now, for `Room.reassign`: role and name by their newest token, permission by
 * the grants.
 */
export function lookUpAnew(
  { access, directory }: Pick<RouteDeps, 'access' | 'directory'>,
  quote: QuoteId,
): (actor: Actor, name: string) => Promise<Reassigned> {
  return async ({ user, role }, name) => {
    const person = await directory.person(user);
    const permission = await access.permissionOf(user, quote);
    if (permission === 'none') return 'none';
    return { actor: { user, role: person?.role ?? role, permission }, name: person?.name ?? name };
  };
}

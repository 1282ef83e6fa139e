import type { Actor } from '../authority/actor.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Reassigned } from '../room/room.ts';
import { httpConnection } from '../session/sessions.ts';
import type { RouteDeps } from './app.ts';

/**
 * A person is called, ranked or allowed otherwise in a quote now. It counts at once, however they take part: connections change
 * or are closed, whoever joined over HTTP changes or has left, and they let go of conflicts in which they may not choose any more.
 */
export async function reassignIn(
  deps: Pick<RouteDeps, 'access' | 'directory' | 'rooms' | 'sessions' | 'steadyNow'>,
  quote: QuoteId,
  user: UserId,
): Promise<void> {
  const { access, directory, rooms, sessions, steadyNow } = deps;
  await rooms.peek(quote)?.reassign(user, lookUpAnew(deps, quote));

  const isHere = sessions.ofQuote(quote)?.people.some((one) => one.user === user) ?? false;
  const hasConflicts = (rooms.peek(quote)?.conflicts.count() ?? 0) > 0;
  if (!isHere && !hasConflicts) return;
  const person = await directory.person(user);
  // Who never signed in takes part in nothing.
  if (person === null) return;
  const { name, role } = person;
  const permission = await access.permissionOf(user, quote);

  // Asked again: all of this can be another by now.
  const [room, session] = [rooms.peek(quote), sessions.ofQuote(quote)];
  if (permission === 'none') {
    if (session !== null) sessions.left(session.id, httpConnection(user), null, steadyNow());
    room?.conflicts.letGoOfAll(user);
    return;
  }
  const actor = { user, role, permission };
  const isConnected = room?.members().some(({ id }) => id === user) ?? false;
  const isWithout = !isConnected && (session?.people.some((one) => one.user === user) ?? false);
  if (session !== null && isWithout) sessions.reassigned(session.id, { ...actor, name }, steadyNow());
  for (const { n, openedBy, mayChoose } of room?.conflicts.list(actor) ?? [])
    if (openedBy?.id === user && !mayChoose) room?.conflicts.letGo(n, actor);
}

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

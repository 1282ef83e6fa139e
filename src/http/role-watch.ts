import type { Role } from '../authority/role.ts';
import type { UserId } from '../lib/ids.ts';
import type { Access } from '../session/access.ts';
import type { Person } from '../session/directory.ts';
import type { RouteDeps } from './app.ts';
import { reassignIn } from './reassign.ts';

/** People whose roles are remembered. The oldest are forgotten, and looked for in all rooms when they come again. */
const REMEMBERED_MAX = 10_000;

/**
 * The same access, which takes notice of a newer token that says another role: it counts at once, in every room and session
 * where that person is already.
 */
export function watchRoles(
  deps: Pick<RouteDeps, 'access' | 'directory' | 'rooms' | 'sessions' | 'steadyNow'>,
): Access {
  const { access, rooms, sessions } = deps;
  const roles = new Map<UserId, Role>();

  async function note({ user, role }: Person): Promise<void> {
    if (roles.get(user) === role) return;
    roles.set(user, role);
    const oldest = roles.keys().next().value;
    if (roles.size > REMEMBERED_MAX && oldest !== undefined) roles.delete(oldest);
    // People without a connection are in sessions whose rooms may be empty, or gone.
    const quotes = new Set([...rooms.live(), ...sessions.openOnes()].map(({ quote }) => quote));
    for (const quote of quotes) await reassignIn(deps, quote, user);
  }

  return {
    ...access,
    async signIn(token) {
      const person = await access.signIn(token);
      if (person.ok) await note(person.value);
      return person;
    },
  };
}

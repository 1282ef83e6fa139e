import type { Actor } from '../authority/actor.ts';
import type { DefaultPermission, GivenPermission } from '../authority/role.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import { type Result, ok } from '../lib/result.ts';
import type { Directory, Person } from './directory.ts';
import type { TokenProblem } from './token-claims.ts';
import type { VerifyToken } from './tokens.ts';

/**
 * Who is asking, and what may they do here? The token says who and in which role, unless a newer token was seen; the
 * quote's grants say what, and where there is none, the configuration.
 */
export interface Access {
  /** Verifies a token and remembers the person. Throws `Fault` where keys or people cannot be read. */
  signIn(token: string | null | undefined): Promise<Result<SignedIn, TokenProblem>>;
  permissionOf(user: UserId, quote: QuoteId): Promise<GivenPermission>;
  /** The person in this quote, or null where they have no access. */
  actorIn(person: Person, quote: QuoteId): Promise<Actor | null>;
}

/** Somebody whose token was good, and until when it is. */
export interface SignedIn extends Person {
  /** `exp` of the token that they showed, ms since 1970: what they opened with it ends then. */
  readonly tokenExpiresAt: number;
}

interface Deps {
  readonly directory: Directory;
  readonly verifyToken: VerifyToken;
  readonly defaultPermission: DefaultPermission;
  /** ms since 1970 */
  readonly now: () => number;
}

/** Noting that a person was seen is a write: once in this time is enough for each of their tokens. */
const SEEN_AGAIN_MS = 60_000;
/** Tokens remembered as seen. The oldest are forgotten. */
const SEEN_TOKENS_MAX = 10_000;

/** What somebody may do in a quote: what its hosts granted, else what the configuration gives to everyone. */
export const permissionsBy =
  ({ directory, defaultPermission }: Pick<Deps, 'directory' | 'defaultPermission'>) =>
  async (user: UserId, quote: QuoteId): Promise<GivenPermission> => {
    const grant = await directory.grant(quote, user);
    return grant === null ? defaultPermission : grant.permission;
  };

export function createAccess({ directory, verifyToken, defaultPermission, now }: Deps): Access {
  /** By user and time of issue, when they were last noted. */
  const noted = new Map<string, number>();

  async function note(person: Person): Promise<Person> {
    const key = `${person.tokenIssuedAt} ${person.user}`;
    if (person.seenAt - (noted.get(key) ?? -Infinity) < SEEN_AGAIN_MS) {
      const known = await directory.person(person.user);
      // Of two tokens issued in one second the later call counts, so both go to the directory.
      if (known !== null && known.role === person.role && known.name === person.name) return known;
      if (known !== null && known.tokenIssuedAt > person.tokenIssuedAt) return known;
    }
    noted.delete(key);
    noted.set(key, person.seenAt);
    const oldest = noted.keys().next().value;
    if (noted.size > SEEN_TOKENS_MAX && oldest !== undefined) noted.delete(oldest);
    return directory.see(person);
  }

  const access: Access = {
    async signIn(token) {
      const claims = await verifyToken(token);
      if (!claims.ok) return claims;
      const { sub, name, role, email, iat, exp } = claims.value;
      const person = await note({ user: sub, name, role, email, tokenIssuedAt: iat, seenAt: now() });
      return ok({ ...person, tokenExpiresAt: exp * 1000 });
    },
    permissionOf: permissionsBy({ directory, defaultPermission }),
    async actorIn({ user, role }, quote) {
      const permission = await access.permissionOf(user, quote);
      return permission === 'none' ? null : { user, role, permission };
    },
  };
  return access;
}

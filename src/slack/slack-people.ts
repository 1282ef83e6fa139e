import { createHash, randomBytes } from 'node:crypto';
import type { QuoteId, UserId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import type { Access } from '../session/access.ts';
import type { Directory, Person } from '../session/directory.ts';
import type { SlackApi, SlackUser } from './slack-api.ts';
import type { SlackStore } from './slack-store.ts';

/**
 * Which of our people somebody in Slack is: whoever opened a link while signed in to Quoteroom, else the one person whose
 * e-mail is the same. Their role is that of their newest sign-in, which must not be too old. Nobody of another workspace
 * is anybody here.
 */
export interface SlackPeople {
  find(slackUser: string, team: string | null): Promise<Result<Person, PersonProblem>>;
  /** The Slack user of one of our people, if they may be told what a quote holds now; else null. */
  readerOf(user: string, quote: QuoteId): Promise<string | null>;
  /** Whom a code is about; null where it is unknown, used or has run out. */
  lookUp(code: string): Promise<LinkedAccount | null>;
  /** The Slack user of the code is this person from now on. */
  link(code: string, user: UserId): Promise<Result<LinkedAccount, LinkProblem>>;
  /** No Slack user is this person by a link any more. */
  unlink(user: UserId): void;
}

export interface LinkedAccount {
  readonly slackUser: string;
  readonly name: string;
  readonly workspace: string;
}

/** `dead`: unknown, used or run out. `has_account`: their e-mail is that of another Slack user. */
export type LinkProblem = 'dead' | 'has_account';

export type PersonProblem =
  /** Somebody of another workspace, a guest from outside, or a program. */
  | { readonly kind: 'foreign' }
  /** Nobody that we know, or more than one: the link makes it clear. */
  | { readonly kind: 'unknown'; readonly link: string }
  | { readonly kind: 'stale'; readonly days: number }
  /** Slack does not say who it is. */
  | { readonly kind: 'unavailable' };

interface Deps {
  readonly store: Pick<SlackStore, 'accounts'>;
  readonly api: Pick<SlackApi, 'user' | 'userByEmail' | 'whoAmI'>;
  readonly directory: Pick<Directory, 'person' | 'byEmail'>;
  readonly access: Pick<Access, 'actorIn'>;
  readonly roleMaxAgeDays: number;
  readonly publicUrl: () => string;
  /** ms since 1970 */
  readonly now: () => number;
}

const DAY_MS = 24 * 3_600_000;
const CODE_BYTES = 24;
const CODE_MS = 15 * 60_000;
/** What Slack says of people is asked again after this. */
const KNOWN_MS = 10 * 60_000;
const KNOWN_MAX = 5_000;

export function createSlackPeople(deps: Deps): SlackPeople {
  const { store, api, directory, access, now } = deps;
  const { accounts } = store;
  const users = createMemo<SlackUser>(now);
  const slackUsers = createMemo<string | null>(now);
  let workspace: { readonly team: string; readonly teamName: string } | null = null;

  async function ourWorkspace(): Promise<typeof workspace> {
    if (workspace === null) {
      const found = await api.whoAmI();
      if (found.kind === 'ok') workspace = found.value;
    }
    return workspace;
  }

  async function userOf(id: string): Promise<SlackUser | null> {
    const known = users.get(id);
    if (known !== undefined) return known;
    const found = await api.user(id);
    if (found.kind !== 'ok') return null;
    users.put(id, found.value);
    return found.value;
  }

  async function personOf(slackUser: SlackUser): Promise<Result<Person, PersonProblem>> {
    const linked = accounts.userOf(slackUser.id);
    const person = linked === null ? null : await directory.person(linked);
    if (person !== null) return notTooOld(person);
    const [found, ...others] = slackUser.email === null ? [] : await directory.byEmail(slackUser.email);
    if (found === undefined || others.length > 0) return fail({ kind: 'unknown', link: newLink(slackUser) });
    return notTooOld(found);
  }

  function notTooOld(person: Person): Result<Person, PersonProblem> {
    const days = deps.roleMaxAgeDays;
    return now() - person.seenAt <= days * DAY_MS ? ok(person) : fail({ kind: 'stale', days });
  }

  /** Of two people with one address nobody knows who reads it. */
  async function byEmail({ user, email }: Person): Promise<string | null> {
    const known = slackUsers.get(user);
    if (known !== undefined) return known;
    const isAlone = email !== null && (await directory.byEmail(email)).length === 1;
    const found = isAlone ? await api.userByEmail(email) : null;
    if (found !== null && found.kind !== 'ok') return null;
    const slackUser = found?.value?.isMember === true ? found.value.id : null;
    // Somebody who linked that account to another person is that other person.
    const own = slackUser !== null && (accounts.userOf(slackUser) ?? user) === user ? slackUser : null;
    slackUsers.put(user, own);
    return own;
  }

  function newLink({ id, name, handle, email }: SlackUser): string {
    const code = randomBytes(CODE_BYTES).toString('base64url');
    accounts.addCode({
      hash: hashOf(code),
      slackUser: id,
      slackName: `${name} (@${handle}${email === null ? '' : `, ${email}`})`,
      expiresAt: now() + CODE_MS,
    });
    return `${deps.publicUrl()}/slack/link/${code}`;
  }

  async function lookUp(code: string): Promise<LinkedAccount | null> {
    const found = accounts.code(hashOf(code), now());
    if (found === null) return null;
    return {
      slackUser: found.slackUser,
      name: found.slackName,
      workspace: (await ourWorkspace())?.teamName ?? 'Slack',
    };
  }

  return {
    lookUp,
    async find(id, team) {
      const ours = await ourWorkspace();
      if (ours === null) return fail({ kind: 'unavailable' });
      if (team !== null && team !== ours.team) return fail({ kind: 'foreign' });
      const user = await userOf(id);
      if (user === null) return fail({ kind: 'unavailable' });
      if (!user.isMember || (user.team !== '' && user.team !== ours.team)) return fail({ kind: 'foreign' });
      return personOf(user);
    },
    async readerOf(user, quote) {
      const person = await directory.person(user as UserId);
      if (person === null || !notTooOld(person).ok || (await access.actorIn(person, quote)) === null)
        return null;
      const linked = accounts.slackUserOf(person.user);
      if (linked !== null) return (await userOf(linked))?.isMember === true ? linked : null;
      return byEmail(person);
    },
    async link(code, user) {
      const found = await lookUp(code);
      if (found === null) return fail('dead');
      const person = await directory.person(user);
      const own = person === null ? null : await byEmail(person);
      // Somebody else's link, sent to them: whoever opened it would be written for.
      if (own !== null && own !== found.slackUser) return fail('has_account');
      if (!accounts.useCode(hashOf(code))) return fail('dead');
      accounts.link(found.slackUser, user, now());
      slackUsers.forget(user);
      return ok(found);
    },
    unlink(user) {
      accounts.unlinkAllOf(user);
      slackUsers.forget(user);
    },
  };
}

const hashOf = (code: string): Uint8Array => Uint8Array.from(createHash('sha256').update(code).digest());

interface Memo<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  forget(key: string): void;
}

/** Remembers for a while, and not without end. */
function createMemo<T>(now: () => number): Memo<T> {
  const known = new Map<string, { readonly value: T; readonly until: number }>();
  return {
    get(key) {
      const found = known.get(key);
      return found !== undefined && now() < found.until ? found.value : undefined;
    },
    put(key, value) {
      known.delete(key);
      known.set(key, { value, until: now() + KNOWN_MS });
      const oldest = known.keys().next().value;
      if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest);
    },
    forget: (key) => void known.delete(key),
  };
}

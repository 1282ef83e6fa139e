import type { QuoteId, UserId } from '../lib/ids.ts';
import type { GivenPermission, Role } from '../authority/role.ts';

/**
 * Who people are, what each may do in which quote, and which Yjs clients of theirs were there. Roles come from verified
 * tokens only (the newest by `iat` counts); permissions are granted per quote by its hosts.
 */
export interface Directory {
  /** Remembers what a verified token says, unless a newer token was seen before. Gives the person as known now. */
  see(person: Person): Promise<Person>;
  person(user: UserId): Promise<Person | null>;
  people(users: readonly UserId[]): Promise<Person[]>;
  /** Those whose newest token had this address, in any case of its letters: more than one where a provider allows that. */
  byEmail(email: string): Promise<Person[]>;
  /** All that ever signed in, by their ids. */
  everyone(): Promise<Person[]>;
  /**
   * Puts another name in the place of a person's, and takes their e-mail away. Their role stays, and no token that was issued
   * before changes any of it. Gives the person as they were, or null where they never signed in.
   */
  erase(erasure: Erasure): Promise<Person | null>;

  grants(quote: QuoteId): Promise<Grant[]>;
  grant(quote: QuoteId, user: UserId): Promise<Grant | null>;
  /** Quotes in which this person has a grant of their own. */
  grantsOf(user: UserId): Promise<Grant[]>;
  setGrant(grant: Grant): Promise<void>;
  /** Back to the default permission. */
  deleteGrant(quote: QuoteId, user: UserId): Promise<void>;

  /**
   * Keeps a client id for whoever announced it first. Of more than `RESERVATIONS_PER_USER_MAX` of one person in one
   * quote the oldest are given up.
   */
  reserve(reservation: Reservation): Promise<void>;
  /** The quote's reservations, oldest first. */
  reservations(quote: QuoteId): Promise<Reservation[]>;

  /** Releases the store. May be called twice. */
  close(): Promise<void>;
}

export interface Person {
  readonly user: UserId;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  /** `iat` of the token that set the role, seconds since 1970. */
  readonly tokenIssuedAt: number;
  /** ms since 1970. */
  readonly seenAt: number;
}

export interface Erasure {
  readonly user: UserId;
  /** What stands in the place of the name. */
  readonly name: string;
  /** Tokens issued from then on say who they are again, seconds since 1970. */
  readonly issuedFrom: number;
}

export interface Grant {
  readonly quote: QuoteId;
  readonly user: UserId;
  /** `none` shuts a person out of a quote that others may see by default. */
  readonly permission: GivenPermission;
  readonly grantedBy: UserId;
  /** `host`: given by name. `link`: it came of a share link, which `grantedBy` had made. */
  readonly source: GrantSource;
  /** ms since 1970. */
  readonly at: number;
}

export type GrantSource = 'host' | 'link';

/** A Yjs client id that a person announced in a quote. */
export interface Reservation {
  readonly quote: QuoteId;
  readonly client: number;
  readonly user: UserId;
  /** ms since 1970. */
  readonly at: number;
}

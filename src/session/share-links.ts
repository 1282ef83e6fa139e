import {
  type DefaultPermission,
  GIVEN_PERMISSIONS,
  type GivenPermission,
  type Permission,
} from '../authority/role.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Grant } from './directory.ts';
import type { LinkPermission } from '../wire/link-schemas.ts';

/**
 * Links that let people into a quote. A link says what somebody may do there, never who they are: whoever opens it signs
 * in first and then has a grant of their own, which stays when the link ends. What is kept of a link's token is its hash,
 * see `link-token.ts`.
 */
export interface ShareLinks {
  /**
   * Stores a new link. False, and nothing is stored, where the quote has `LIVING_LINKS_MAX` living ones already. Of
   * its dead ones more than `DEAD_LINKS_MAX` are given up, oldest first.
   */
  add(link: ShareLink, tokenHash: Uint8Array): Promise<boolean>;
  /** Of a quote, newest first, dead ones too. */
  ofQuote(quote: QuoteId): Promise<ShareLink[]>;
  byTokenHash(tokenHash: Uint8Array): Promise<ShareLink | null>;
  /** False where the quote has no such link. What was revoked before keeps its time. */
  revoke(quote: QuoteId, id: string, at: number): Promise<boolean>;
  /** Counts that it let somebody in. */
  noteUse(id: string, at: number): Promise<void>;
}

export interface ShareLink {
  readonly id: string;
  readonly quote: QuoteId;
  readonly permission: LinkPermission;
  readonly createdBy: UserId;
  /** ms since 1970, as all times here. */
  readonly createdAt: number;
  /** From then on it lets nobody in; null: never. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly uses: number;
  readonly lastUsedAt: number | null;
}

/** Of one quote. */
export const LIVING_LINKS_MAX = 200;
export const DEAD_LINKS_MAX = 200;

/** What a link does for a person: gives a permission, leaves what they have, or nothing, since they were shut out. */
export type Entrance =
  | { readonly kind: 'given'; readonly permission: LinkPermission }
  | { readonly kind: 'kept'; readonly permission: Permission }
  | { readonly kind: 'shut_out' };

/**
 * A link raises what somebody may do and never lowers it. It must not undo what was decided about one person, for it was sent to
 * many: whom a host shut out by name stays out, and what a host gave by name after the link was made stays as it is. `grant` is
 * null for people who have only the default.
 */
export function enterBy(
  link: Pick<ShareLink, 'permission' | 'createdAt'>,
  grant: Pick<Grant, 'permission' | 'source' | 'at'> | null,
  defaultPermission: DefaultPermission,
): Entrance {
  const has = grant?.permission ?? defaultPermission;
  if (grant?.permission === 'none') return { kind: 'shut_out' };
  // In doubt, in one millisecond, the host's word is the later one.
  const isDecided = grant?.source === 'host' && grant.at >= link.createdAt;
  if (has === 'none' || (!isDecided && stepOf(has) < stepOf(link.permission)))
    return { kind: 'given', permission: link.permission };
  return { kind: 'kept', permission: has };
}

const stepOf = (permission: GivenPermission): number => GIVEN_PERMISSIONS.indexOf(permission);

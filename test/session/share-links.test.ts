import { describe, expect, test } from 'vitest';
import type { DefaultPermission, GivenPermission } from '../../src/authority/role.ts';
import { hashLinkToken, newLinkToken } from '../../src/session/link-token.ts';
import { type Entrance, enterBy } from '../../src/session/share-links.ts';
import { type LinkPermission, isLivingLink } from '../../src/wire/link-schemas.ts';
import { shareLink } from '../contract/share-links-contract.ts';

const viewer: Entrance = { kind: 'given', permission: 'viewer' };
const editor: Entrance = { kind: 'given', permission: 'editor' };
const kept = (permission: 'viewer' | 'editor' | 'host'): Entrance => ({ kind: 'kept', permission });
const out: Entrance = { kind: 'shut_out' };

/** What a link for viewers and one for editors do, by what somebody has. */
const BY_GRANT: Record<GivenPermission, Record<LinkPermission, Entrance>> = {
  none: { viewer: out, editor: out },
  viewer: { viewer: kept('viewer'), editor },
  editor: { viewer: kept('editor'), editor: kept('editor') },
  host: { viewer: kept('host'), editor: kept('host') },
};
const BY_DEFAULT: Record<DefaultPermission, Record<LinkPermission, Entrance>> = {
  none: { viewer, editor },
  viewer: { viewer: kept('viewer'), editor },
  editor: { viewer: kept('editor'), editor: kept('editor') },
};

const LINKS = ['viewer', 'editor'] as const;
const MADE_AT = 1_000;
const linkFor = (permission: LinkPermission) => ({ permission, createdAt: MADE_AT });
const DEFAULTS = Object.keys(BY_DEFAULT) as DefaultPermission[];

describe('what a link gives', () => {
  test('[SL8] to somebody with a grant, whatever the default: more, or what they have; shut out stays shut out', () => {
    const before = { source: 'host', at: MADE_AT - 1 } as const;
    const byLink = { source: 'link', at: MADE_AT + 1 } as const;
    for (const [given, expected] of Object.entries(BY_GRANT)) {
      for (const [link, byDefault] of LINKS.flatMap((one) =>
        DEFAULTS.map((other) => [one, other] as const),
      )) {
        const permission = given as GivenPermission;
        for (const how of [before, byLink])
          expect(enterBy(linkFor(link), { permission, ...how }, byDefault)).toEqual(expected[link]);
      }
    }
  });

  test('[SL10] nothing to somebody of whom a host decided by name since it was made', () => {
    for (const permission of ['viewer', 'editor', 'host'] as const) {
      for (const at of [MADE_AT, MADE_AT + 1]) {
        const grant = { permission, source: 'host', at } as const;
        for (const link of LINKS) expect(enterBy(linkFor(link), grant, 'editor')).toEqual(kept(permission));
      }
    }
  });

  test('[SL8] to somebody with the default permission: nothing that they have already', () => {
    for (const [byDefault, expected] of Object.entries(BY_DEFAULT)) {
      for (const link of LINKS) {
        expect(enterBy(linkFor(link), null, byDefault as DefaultPermission)).toEqual(expected[link]);
      }
    }
  });
});

test('[SL9] a link lives until it expires or is revoked', () => {
  expect(isLivingLink(shareLink(), 1e15)).toBe(true);
  expect(isLivingLink(shareLink({ expiresAt: 2_000 }), 1_999)).toBe(true);
  expect(isLivingLink(shareLink({ expiresAt: 2_000 }), 2_000)).toBe(false);
  expect(isLivingLink(shareLink({ revokedAt: 1_500 }), 1_500)).toBe(false);
});

test('[SL6] a token has 256 random bits, and its hash 256', () => {
  const tokens = Array.from({ length: 100 }, newLinkToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(hashLinkToken(tokens[0] ?? '')).toHaveLength(32);
  expect(Buffer.from(hashLinkToken('abc')).toString('hex')).toMatch(/^ba7816bf8f01cfea4141/);
});

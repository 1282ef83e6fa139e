import { beforeEach, describe, expect, test } from 'vitest';
import { hashLinkToken } from '../../src/session/link-token.ts';
import {
  DEAD_LINKS_MAX,
  LIVING_LINKS_MAX,
  type ShareLink,
  type ShareLinks,
} from '../../src/session/share-links.ts';
import { quoteId, userId } from '../support/build-entry.ts';

const [q1, q2] = [quoteId('q1'), quoteId('q2')];

export const shareLink = (change: Partial<ShareLink> = {}): ShareLink => ({
  id: 'k1',
  quote: q1,
  permission: 'editor',
  createdBy: userId('ann'),
  createdAt: 1_000,
  expiresAt: null,
  revokedAt: null,
  uses: 0,
  lastUsedAt: null,
  ...change,
});

/** What every adapter of the share links keeps to. */
export function describeShareLinksContract(adapter: string, create: () => ShareLinks): void {
  describe(`${adapter} as a store of share links`, () => {
    let links: ShareLinks;

    beforeEach(() => {
      links = create();
    });

    const add = (link: ShareLink): Promise<boolean> => links.add(link, hashLinkToken(`token of ${link.id}`));
    const find = (id: string): Promise<ShareLink | null> =>
      links.byTokenHash(hashLinkToken(`token of ${id}`));

    test('[SL1] a link is found by the hash of its token, equal in every field, and by no other', async () => {
      const [forGood, forAWhile] = [
        shareLink(),
        shareLink({ id: 'k2', permission: 'viewer', expiresAt: 9_000 }),
      ];
      expect([await add(forGood), await add(forAWhile)]).toEqual([true, true]);
      expect(await find('k1')).toStrictEqual(forGood);
      expect(await find('k2')).toStrictEqual(forAWhile);
      expect(await find('k3')).toBeNull();
    });

    test('[SL2] the links of a quote are listed newest first', async () => {
      const elsewhere = shareLink({ id: 'k4', quote: q2 });
      const own = [
        shareLink({ id: 'k3', createdAt: 3_000 }),
        shareLink({ id: 'k2', createdAt: 2_000 }),
        shareLink({ id: 'k1', createdAt: 2_000 }),
      ];
      for (const link of [...own.toReversed(), elsewhere]) await add(link);
      expect(await links.ofQuote(q1)).toStrictEqual(own);
      expect(await links.ofQuote(q2)).toStrictEqual([elsewhere]);
      expect(await links.ofQuote(quoteId('unknown'))).toEqual([]);
    });

    test('[SL3] a revoked link keeps the time of the first revocation; of another quote it is not found', async () => {
      await add(shareLink());
      expect(await links.revoke(q2, 'k1', 2_000)).toBe(false);
      expect(await links.revoke(q1, 'k2', 2_000)).toBe(false);
      expect(await find('k1')).toStrictEqual(shareLink());
      expect(await links.revoke(q1, 'k1', 3_000)).toBe(true);
      expect(await links.revoke(q1, 'k1', 4_000)).toBe(true);
      expect(await find('k1')).toStrictEqual(shareLink({ revokedAt: 3_000 }));
    });

    test('[SL4] uses are counted, with the time of the last', async () => {
      await add(shareLink());
      await add(shareLink({ id: 'k2' }));
      await links.noteUse('k1', 2_000);
      await links.noteUse('k1', 3_000);
      await links.noteUse('gone', 3_000);
      expect(await find('k1')).toStrictEqual(shareLink({ uses: 2, lastUsedAt: 3_000 }));
      expect(await find('k2')).toStrictEqual(shareLink({ id: 'k2' }));
    });

    test('[SL5] a quote has so many living links and no more; those that ended make room', async () => {
      const now = 100_000;
      await add(shareLink({ id: 'ends', expiresAt: now }));
      for (let count = 1; count < LIVING_LINKS_MAX; count++) await add(shareLink({ id: `living-${count}` }));
      expect(await add(shareLink({ id: 'over', createdAt: now - 1 }))).toBe(false);
      expect(await find('over')).toBeNull();
      expect(await add(shareLink({ id: 'elsewhere', quote: q2, createdAt: now - 1 }))).toBe(true);
      expect(await add(shareLink({ id: 'after-expiry', createdAt: now }))).toBe(true);
      expect(await add(shareLink({ id: 'over', createdAt: now }))).toBe(false);
      await links.revoke(q1, 'living-1', now);
      expect(await add(shareLink({ id: 'after-revocation', createdAt: now }))).toBe(true);
    });

    test('[SL5] of those that ended the oldest are given up', async () => {
      for (let count = 0; count < DEAD_LINKS_MAX + 2; count++) {
        await add(shareLink({ id: `dead-${count}`, createdAt: count, expiresAt: count + 1 }));
      }
      await add(shareLink({ id: 'living', createdAt: 10_000 }));
      const ids = (await links.ofQuote(q1)).map(({ id }) => id);
      expect(ids.length).toBe(DEAD_LINKS_MAX + 1);
      expect([ids[0], ids.at(-1)]).toEqual(['living', 'dead-2']);
      expect(await find('dead-0')).toBeNull();
    });
  });
}

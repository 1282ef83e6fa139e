import type { QuoteId } from '../lib/ids.ts';
import { DEAD_LINKS_MAX, LIVING_LINKS_MAX, type ShareLink, type ShareLinks } from './share-links.ts';
import { isLivingLink } from '../wire/link-schemas.ts';

/** Share links in memory, for tests: all rules of the port, kept until the process ends. */
export function createMemoryShareLinks(): ShareLinks {
  const links = new Map<string, ShareLink>();
  /** Ids by the hash of the token, hex. */
  const ids = new Map<string, string>();

  const ofQuote = (quote: QuoteId): ShareLink[] =>
    [...links.values()]
      .filter((link) => link.quote === quote)
      .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));

  return {
    async add(link, tokenHash) {
      const others = ofQuote(link.quote);
      const dead = others.filter((other) => !isLivingLink(other, link.createdAt));
      if (others.length - dead.length >= LIVING_LINKS_MAX) return false;
      for (const { id } of dead.slice(DEAD_LINKS_MAX)) links.delete(id);
      links.set(link.id, link);
      ids.set(hexOf(tokenHash), link.id);
      return true;
    },
    ofQuote: async (quote) => ofQuote(quote),
    byTokenHash: async (tokenHash) => links.get(ids.get(hexOf(tokenHash)) ?? '') ?? null,
    async revoke(quote, id, at) {
      const link = links.get(id);
      if (link?.quote !== quote) return false;
      links.set(id, { ...link, revokedAt: link.revokedAt ?? at });
      return true;
    },
    async noteUse(id, at) {
      const link = links.get(id);
      if (link !== undefined) links.set(id, { ...link, uses: link.uses + 1, lastUsedAt: at });
    },
  };
}

const hexOf = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

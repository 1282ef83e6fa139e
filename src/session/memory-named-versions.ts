import type { QuoteId } from '../lib/ids.ts';
import { type NamedVersion, type NamedVersions, VERSIONS_MAX } from './named-versions.ts';

/** Named versions in memory, for tests: all rules of the port, kept until the process ends. */
export function createMemoryNamedVersions(): NamedVersions {
  const versions = new Map<string, NamedVersion>();

  const ofQuote = (quote: QuoteId): NamedVersion[] =>
    [...versions.values()]
      .filter((version) => version.quote === quote)
      .toSorted((a, b) => b.seq - a.seq || b.namedAt - a.namedAt || (a.id < b.id ? 1 : -1));

  const byId = (quote: QuoteId, id: string): NamedVersion | null => {
    const version = versions.get(id);
    return version?.quote === quote ? version : null;
  };

  return {
    async add(version) {
      const others = ofQuote(version.quote);
      if (others.some(({ name }) => name === version.name)) return 'name_taken';
      if (others.length >= VERSIONS_MAX) return 'full';
      versions.set(version.id, version);
      return 'added';
    },
    ofQuote: async (quote) => ofQuote(quote),
    byId: async (quote, id) => byId(quote, id),
    async rename({ quote, id, name }) {
      const version = byId(quote, id);
      if (version === null) return 'unknown';
      if (ofQuote(quote).some((other) => other.id !== id && other.name === name)) return 'name_taken';
      versions.set(id, { ...version, name });
      return 'renamed';
    },
    remove: async (quote, id) => byId(quote, id) !== null && versions.delete(id),
  };
}

import type { QuoteId, UserId } from '../lib/ids.ts';
import type { RouteDeps } from './app.ts';

/** Which quotes a person may see, by their grants and the default permission as they are now. */
export interface VisibleQuotes {
  sees(quote: string): boolean;
  /** All that they may see; null where that is everything but what they are shut out of. */
  readonly only: readonly QuoteId[] | null;
  /** Those in which they were made editor or host by name. */
  readonly mine: readonly QuoteId[];
}

export async function visibleQuotesOf(
  { directory, defaultPermission }: Pick<RouteDeps, 'directory' | 'defaultPermission'>,
  user: UserId,
): Promise<VisibleQuotes> {
  const grants = await directory.grantsOf(user);
  const permissions = new Map<string, string>(grants.map(({ quote, permission }) => [quote, permission]));
  const isOpen = defaultPermission !== 'none';
  const idsWith = (...wanted: readonly string[]): QuoteId[] =>
    grants.filter(({ permission }) => wanted.includes(permission)).map(({ quote }) => quote);
  return {
    sees: (quote) => (permissions.get(quote) ?? defaultPermission) !== 'none',
    only: isOpen ? null : idsWith('viewer', 'editor', 'host'),
    mine: idsWith('editor', 'host'),
  };
}

import type { SaveState } from '../../../client/connect-quote.ts';
import type { FeedState } from './feed.ts';

/** What stands in the place of activity that is not there yet. */
export type FeedNotice = 'waiting' | 'offline' | 'problem' | null;

/**
 * Without a connection nothing can be read, and nothing fails either where not even the newest revision is known. `because`
 * is null in the moment before the first attempt, which is not to be called offline. `isOnline`: what the browser says.
 */
export function feedNotice(
  { isLoading, problem, entries }: FeedState,
  save: SaveState,
  isOnline: boolean,
): FeedNotice {
  const isWaiting = isLoading && entries.length === 0;
  if (problem === null && !isWaiting) return null;
  if (save.kind === 'offline' && (problem !== null || save.because !== null || !isOnline)) return 'offline';
  return problem === null ? 'waiting' : 'problem';
}

import type { FeedLine } from './feed-line.ts';
import type { FeedEntry } from './feed-entry.ts';

/** What of the activity is shown. */
export type FeedFilter =
  | { readonly kind: 'everything' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'person'; readonly user: string };

export interface DescribedEntry {
  readonly entry: FeedEntry;
  readonly lines: readonly FeedLine[];
}

/** `refused` also shows what put aside the reader's own writes: both are news of authority. */
export function filterFeed(all: readonly DescribedEntry[], filter: FeedFilter): readonly DescribedEntry[] {
  if (filter.kind === 'person') return all.filter(({ entry }) => entry.user.id === filter.user);
  if (filter.kind === 'everything') return all;
  return all.map(({ entry, lines }) => ({ entry, lines: lines.filter(({ kind }) => kind !== 'done') }));
}

/** Everybody who did something, each once, by name. */
export function authorsOf(
  entries: readonly FeedEntry[],
): readonly { readonly id: string; readonly name: string }[] {
  const names = new Map<string, string>();
  for (const { user } of entries) if (!names.has(user.id)) names.set(user.id, user.name);
  return [...names].map(([id, name]) => ({ id, name })).toSorted((a, b) => a.name.localeCompare(b.name));
}

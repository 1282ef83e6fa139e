import { useMemo, useSyncExternalStore } from 'react';
import { logPageSchema } from '../../../wire/http-schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { useRoom } from '../use-room.ts';
import { type Feed, type FeedState, createFeed } from './feed.ts';

/** What happened in the quote, as long as somebody looks. */
export function useFeed(): { readonly state: FeedState; readonly feed: Feed } {
  const { quote, activity } = useRoom();
  const api = useApi();
  const feed = useMemo(
    () =>
      createFeed({
        activity,
        async readLog({ after, limit }) {
          const path = `/api/quotes/${encodeURIComponent(quote.quoteId)}/log?after=${after}&limit=${limit}`;
          return (await api.get(path, logPageSchema)).entries;
        },
      }),
    [quote, activity, api],
  );
  return { state: useSyncExternalStore(feed.observe, feed.state), feed };
}

import { diffSchema } from '../../wire/audit-schemas.ts';
import { type TimelineJson, timelineSchema } from '../../wire/history-schemas.ts';
import { type LoggedEntry, logPageSchema, quoteSchema } from '../../wire/http-schemas.ts';
import type { Api } from '../api/api.ts';
import { type LogPage, type LogQuery, logSearch } from './event-search.ts';
import type { Frame, FrameKey } from './frames.ts';
import { type Timeline, newestOf, withPage } from './timeline.ts';

/** What the page asks the server about one quote's past. Throws an `ApiError`. */
export interface HistorySource {
  /** The timeline with all that it lacks. */
  timeline(before: Timeline, signal?: AbortSignal): Promise<Timeline>;
  frame(key: FrameKey, signal?: AbortSignal): Promise<Frame>;
  entries(
    range: { readonly after: number; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<readonly LoggedEntry[]>;
  search(query: LogQuery, signal?: AbortSignal): Promise<LogPage>;
}

export function createHistorySource(api: Api, quoteId: string): HistorySource {
  const path = `/api/quotes/${encodeURIComponent(quoteId)}`;
  return {
    async timeline(before, signal) {
      let timeline = before;
      let after: number | undefined = newestOf(before);
      while (after !== undefined) {
        const page: TimelineJson = await api.get(`${path}/timeline?after=${after}`, timelineSchema, signal);
        timeline = withPage(timeline, page);
        after = page.next;
      }
      return timeline;
    },
    async frame({ at, from }, signal) {
      const [quote, diff] = await Promise.all([
        api.get(`${path}?at=${at}&removed=1`, quoteSchema, signal),
        api.get(`${path}/diff?from=${from}&to=${at}`, diffSchema, signal),
      ]);
      return { at, from, quote, diff };
    },
    async entries({ after, limit }, signal) {
      const page = await api.get(`${path}/log?after=${after}&limit=${limit}`, logPageSchema, signal);
      return page.entries;
    },
    search: (query, signal) => api.get(`${path}/log?${logSearch(query)}`, logPageSchema, signal),
  };
}

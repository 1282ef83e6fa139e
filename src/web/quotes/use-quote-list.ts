import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useApi } from '../api/use-api.ts';
import { usePerson } from '../sign-in/use-sign-in.ts';
import { followQuotes } from './follow-quotes.ts';
import type { QuoteFilter } from './quote-filter.ts';
import { type QuoteList, type QuoteListState, createQuoteList } from './quote-list.ts';

/** The quotes that a filter takes, live. Coming back to the page reads them anew, in case the stream missed something. */
export function useQuoteList(filter: QuoteFilter): {
  readonly list: QuoteList;
  readonly state: QuoteListState;
} {
  const api = useApi();
  const { token } = usePerson();
  const list = useMemo(() => createQuoteList(api), [api]);
  const { text, whose, status } = filter;
  useEffect(() => list.show({ text, whose, status }), [list, text, whose, status]);
  useEffect(() => () => list.close(), [list]);

  useEffect(() => {
    const stop = followQuotes(token, {
      open: (url) => new EventSource(url),
      later(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      onRows: list.apply,
      onGap: list.reload,
    });
    const comeBack = (): void => {
      if (document.visibilityState === 'visible') list.reload();
    };
    window.addEventListener('focus', comeBack);
    document.addEventListener('visibilitychange', comeBack);
    return () => {
      stop();
      window.removeEventListener('focus', comeBack);
      document.removeEventListener('visibilitychange', comeBack);
    };
  }, [list, token]);

  return { list, state: useSyncExternalStore(list.observe, list.state) };
}

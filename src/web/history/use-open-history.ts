import { useEffect, useState } from 'react';
import { ApiError } from '../api/api.ts';
import { useApi } from '../api/use-api.ts';
import { parseHistoryAddress, withHistoryAddress } from './history-address.ts';
import { type History, openHistory } from './history-store.ts';
import { createHistorySource } from './load-history.ts';

export type OpenedHistory =
  | { readonly kind: 'loading' }
  | { readonly kind: 'open'; readonly history: History }
  | { readonly kind: 'failed'; readonly error: unknown };

const later = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** The quote's past, from the point that the address names. It follows what is new, and the address follows it. */
export function useOpenHistory(quoteId: string): OpenedHistory {
  const api = useApi();
  const [opened, setOpened] = useState<OpenedHistory>({ kind: 'loading' });
  useEffect(() => {
    const leaving = new AbortController();
    const closing: (() => void)[] = [() => leaving.abort()];
    const source = createHistorySource(api, quoteId);
    openHistory({ source, later }, parseHistoryAddress(window.location.search), leaving.signal).then(
      (history) => {
        if (leaving.signal.aborted) return history.close();
        closing.push(history.close, follow(history), keepAddress(history));
        return setOpened({ kind: 'open', history });
      },
      (error: unknown) => {
        // Whoever's sign-in has run out is asked for it again, and then all of this begins anew.
        const isAnswer = !leaving.signal.aborted && !(error instanceof ApiError && error.status === 401);
        if (isAnswer) setOpened({ kind: 'failed', error });
      },
    );
    return () => {
      for (const close of closing) close();
    };
  }, [api, quoteId]);
  return opened;
}

const FOLLOW_EVERY_MS = 2_000;

/** Asks what is new while somebody looks. */
function follow(history: History): () => void {
  let isOver = false;
  let stop = later(FOLLOW_EVERY_MS, ask);
  function ask(): void {
    const asked = document.hidden ? Promise.resolve() : history.refresh();
    void asked.then(() => {
      if (!isOver) stop = later(FOLLOW_EVERY_MS, ask);
    });
  }
  const askNow = (): void => {
    if (!document.hidden) void history.refresh();
  };
  document.addEventListener('visibilitychange', askNow);
  return () => {
    isOver = true;
    stop();
    document.removeEventListener('visibilitychange', askNow);
  };
}

/** Browsers take few changes of the address in a short time, so it waits until the hand rests. */
const ADDRESS_AFTER_MS = 200;

function keepAddress(history: History): () => void {
  let stop = (): void => undefined;
  let { at, from } = history.view();
  const end = history.observe(() => {
    const view = history.view();
    if (view.at === at && view.from === from) return;
    ({ at, from } = view);
    stop();
    stop = later(ADDRESS_AFTER_MS, () => {
      window.history.replaceState(
        window.history.state,
        '',
        withHistoryAddress(window.location.href, { at, from }),
      );
    });
  });
  return () => {
    stop();
    end();
  };
}

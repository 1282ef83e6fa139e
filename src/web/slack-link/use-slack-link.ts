import { useCallback, useEffect, useState } from 'react';
import { slackAccountSchema } from '../../wire/slack-schemas.ts';
import { useApi } from '../api/use-api.ts';
import { type SlackLinkView, viewOfProblem } from './slack-link-view.ts';

interface SlackLinkHere {
  readonly view: SlackLinkView;
  /** Connects the account that is shown with whoever is signed in. */
  connect(): void;
  decline(): void;
  /** Looks the link up anew, and asks again. */
  tryAgain(): void;
}

/** A link that Slack gave to connect an account there with one here. */
export function useSlackLink(code: string): SlackLinkHere {
  const api = useApi();
  const [view, setView] = useState<SlackLinkView>({ kind: 'loading' });
  const path = `/api/slack/links/${encodeURIComponent(code)}`;

  const isLoading = view.kind === 'loading';
  useEffect(() => {
    if (!isLoading) return undefined;
    const leaving = new AbortController();
    api.get(path, slackAccountSchema, leaving.signal).then(
      (account) => setView({ kind: 'asking', account }),
      (error: unknown) => {
        if (!leaving.signal.aborted) setView((before) => viewOfProblem(error, before));
      },
    );
    return () => leaving.abort();
  }, [api, path, isLoading]);

  const tryAgain = useCallback(() => setView({ kind: 'loading' }), []);

  const isOffline = view.kind === 'offline';
  useEffect(() => {
    if (!isOffline) return undefined;
    window.addEventListener('online', tryAgain);
    return () => window.removeEventListener('online', tryAgain);
  }, [isOffline, tryAgain]);

  function connect(): void {
    if (view.kind !== 'asking') return;
    setView({ kind: 'connecting', account: view.account });
    api.send('POST', `${path}/accept`, undefined, slackAccountSchema).then(
      (account) => setView({ kind: 'connected', account }),
      (error: unknown) => setView((before) => viewOfProblem(error, before)),
    );
  }

  return { view, connect, decline: () => setView({ kind: 'declined' }), tryAgain };
}

import { useCallback, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { acceptedLinkSchema } from '../../wire/link-schemas.ts';
import { useApi } from '../api/use-api.ts';
import { type JoinView, viewOfProblem } from './join-view.ts';

/**
 * Comes in by a share link as whoever is signed in, and goes to its quote. The quote's address takes the place of the
 * link's, also in the tab's history: the link's token is a secret, and stands nowhere but in the address until then.
 */
export function useJoin(linkToken: string): { readonly view: JoinView; readonly tryAgain: () => void } {
  const api = useApi();
  const [, navigate] = useLocation();
  const [view, setView] = useState<JoinView>({ kind: 'joining' });

  const isJoining = view.kind === 'joining';
  useEffect(() => {
    if (!isJoining) return undefined;
    let isLeft = false;
    api
      .send('POST', `/api/links/${encodeURIComponent(linkToken)}/accept`, undefined, acceptedLinkSchema)
      .then(
        ({ quote }) => {
          if (!isLeft) navigate(`/q/${encodeURIComponent(quote)}`, { replace: true });
        },
        (error: unknown) => {
          if (!isLeft) setView(viewOfProblem(error));
        },
      );
    return () => {
      isLeft = true;
    };
  }, [api, linkToken, navigate, isJoining]);

  const tryAgain = useCallback(() => setView({ kind: 'joining' }), []);

  const isOffline = view.kind === 'offline';
  useEffect(() => {
    if (!isOffline) return undefined;
    window.addEventListener('online', tryAgain);
    return () => window.removeEventListener('online', tryAgain);
  }, [isOffline, tryAgain]);

  return { view, tryAgain };
}

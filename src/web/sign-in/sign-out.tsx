import { type ReactNode, Suspense, createContext, use, useCallback, useState } from 'react';
import { useLocation } from 'wouter';
import { present } from '../../lib/assert.ts';
import { lazyDialog } from '../app/lazy-part.ts';
import { type KeptQuote, createKeptQuotes } from '../offline/kept-quotes.ts';
import { wipeDevice } from '../offline/wipe-device.ts';
import { useSignIn, useSignInState } from './use-sign-in.ts';

const SignOutDialog = lazyDialog(() => import('./sign-out-dialog.tsx').then((part) => part.SignOutDialog));

const SignOutContext = createContext<(() => void) | null>(null);

/** Signs out, after asking where edits would be lost; then nothing of this person is left on the device. */
export const useSignOut = (): (() => void) => present(use(SignOutContext), 'a page stands below SignOut');

/** Holds the dialog for whoever calls `useSignOut`. */
export function SignOut({ children }: { readonly children: ReactNode }) {
  const signIn = useSignIn();
  const state = useSignInState();
  const user = state.kind === 'signed_in' ? state.person.user : null;
  const [, navigate] = useLocation();
  const [unsent, setUnsent] = useState<readonly KeptQuote[]>([]);

  const leave = useCallback(() => {
    setUnsent([]);
    signIn.signOut();
    navigate('/', { replace: true });
    // the page is closed by now or in a moment; whatever cannot be wiped would show up at the next sign-in only
    if (user !== null) void wipeDevice(user);
  }, [signIn, navigate, user]);

  const ask = useCallback(() => {
    const lost = user === null ? [] : unsentQuotesOf(user);
    if (lost.length > 0) setUnsent(lost);
    else leave();
  }, [user, leave]);

  return (
    <SignOutContext value={ask}>
      {children}
      {unsent.length > 0 && (
        <Suspense fallback={null}>
          <SignOutDialog unsent={unsent} onLeave={leave} onStay={() => setUnsent([])} />
        </Suspense>
      )}
    </SignOutContext>
  );
}

const unsentQuotesOf = (user: string): KeptQuote[] =>
  createKeptQuotes({ storage: localStorage, user, tab: 'sign-out' })
    .list()
    .filter(({ unsent }) => unsent > 0);

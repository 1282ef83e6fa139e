import { createContext, use, useSyncExternalStore } from 'react';
import { present } from '../../lib/assert.ts';
import type { SignIn, SignInState, SignedInPerson } from './sign-in.ts';

export const SignInContext = createContext<SignIn | null>(null);

export const useSignIn = (): SignIn => present(use(SignInContext), 'a page stands below SignInContext');

export function useSignInState(): SignInState {
  const signIn = useSignIn();
  return useSyncExternalStore(signIn.observe, signIn.state);
}

/** Who is signed in; for pages that are shown to nobody else. */
export function usePerson(): SignedInPerson {
  const state = useSignInState();
  if (state.kind !== 'signed_in') throw new Error('Nobody is signed in.');
  return state.person;
}

import { useMemo } from 'react';
import { usePerson, useSignIn } from '../sign-in/use-sign-in.ts';
import { type Api, createApi } from './api.ts';

/** The server, asked as whoever is signed in. */
export function useApi(): Api {
  const signIn = useSignIn();
  const { token } = usePerson();
  return useMemo(() => createApi({ token, onUnauthenticated: () => signIn.expire(token) }), [token, signIn]);
}

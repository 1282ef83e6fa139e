import { useEffect, useState } from 'react';
import { type SignInJson, signInSchema } from '../../wire/http-schemas.ts';
import { ApiError, createApi } from '../api/api.ts';

/** How one signs in to this server: asked anew each time, since the tokens of a demo run out like any other. */
export type SignInWays =
  | SignInJson
  | { readonly kind: 'asking' }
  /** `message` is for a person. */
  | { readonly kind: 'unknown'; readonly message: string };

export function useSignInWays(): SignInWays {
  const [ways, setWays] = useState<SignInWays>({ kind: 'asking' });
  useEffect(() => {
    const leaving = new AbortController();
    const ask = (): void => {
      createApi({ token: null, onUnauthenticated: () => undefined })
        .get('/api/sign-in', signInSchema, leaving.signal)
        .then(setWays, (error: unknown) => {
          if (leaving.signal.aborted) return;
          const message = error instanceof ApiError ? error.message : 'The server gave no readable answer.';
          setWays({ kind: 'unknown', message });
        });
    };
    ask();
    window.addEventListener('online', ask);
    return () => {
      leaving.abort();
      window.removeEventListener('online', ask);
    };
  }, []);
  return ways;
}

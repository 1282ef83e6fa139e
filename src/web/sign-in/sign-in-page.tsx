import { Button } from '@mantine/core';
import { LogIn } from 'lucide-react';
import { useEffect } from 'react';
import { Notice } from '../pages/notice.tsx';
import { PersonCards } from './person-cards.tsx';
import type { SignInState } from './sign-in.ts';
import { ASK_FOR_LINK, INVITED, SIGN_IN_WORDS } from './sign-in-words.ts';
import { type SignInWays, useSignInWays } from './use-sign-in-ways.ts';
import { useSignIn } from './use-sign-in.ts';

/** What is shown, on any address, while nobody is signed in. Signing in shows the page that was asked for. */
export function SignInPage({ state }: { readonly state: Extract<SignInState, { kind: 'signed_out' }> }) {
  const signIn = useSignIn();
  const ways = useSignInWays();
  const { title, text } = SIGN_IN_WORDS[state.why];
  const { elsewhere } = state;
  const isNew = state.why === 'new';
  const isDemo = isNew && ways.kind === 'demo';
  const isInvited = isNew && window.location.pathname.startsWith('/join/');

  // Another tab has a sign-in. In a demo one person plays many, so there it is chosen.
  useEffect(() => {
    if (elsewhere !== null && ways.kind !== 'asking' && ways.kind !== 'demo') signIn.take(elsewhere.token);
  }, [elsewhere, ways, signIn]);

  return (
    <Notice icon={LogIn} title={title} actions={<Ways ways={ways} />}>
      {isInvited && <p>{INVITED}</p>}
      {isDemo && <p>This is a demo. Choose who you want to be.</p>}
      {!isInvited && !isDemo && <p>{text}</p>}
      {ways.kind === 'token' && (
        <p>
          {ASK_FOR_LINK}
          {isInvited && ' If you open it in another tab, this page goes on by itself.'}
        </p>
      )}
      {ways.kind === 'unknown' && <p role="alert">{ways.message}</p>}
    </Notice>
  );
}

function Ways({ ways }: { readonly ways: SignInWays }) {
  const signIn = useSignIn();
  switch (ways.kind) {
    case 'demo':
      return <PersonCards people={ways.people} onChoose={signIn.take} />;
    case 'token':
      return ways.signInUrl === undefined ? null : (
        <Button
          component="a"
          href={ways.signInUrl}
          onClick={() => signIn.keepPath(window.location.pathname + window.location.search)}
        >
          Sign in
        </Button>
      );
    case 'unknown':
      return <Button onClick={() => window.location.reload()}>Try again</Button>;
    default:
      return null;
  }
}

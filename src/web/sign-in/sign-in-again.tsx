import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { DialogTitle } from './dialog-title.tsx';
import { PersonCards } from './person-cards.tsx';
import { ASK_FOR_LINK } from './sign-in-words.ts';
import type { SignedInPerson } from './sign-in.ts';
import { useSignOut } from './sign-out.tsx';
import { useSignInWays } from './use-sign-in-ways.ts';
import { useSignIn } from './use-sign-in.ts';

/** Over whatever page is open when the sign-in runs out: the page stays, and goes on with the next token. */
export function SignInAgain({ person }: { readonly person: SignedInPerson }) {
  return (
    <Modal
      opened
      onClose={() => undefined}
      title={<DialogTitle>Your sign-in has run out</DialogTitle>}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      lockScroll={false}
      centered
    >
      <SignInAgainBody person={person} />
    </Modal>
  );
}

function SignInAgainBody({ person }: { readonly person: SignedInPerson }) {
  const signIn = useSignIn();
  const signOut = useSignOut();
  const ways = useSignInWays();
  return (
    // Focus starts on the words: the first button may be the one that signs out.
    <Stack gap={16} tabIndex={-1} data-autofocus style={{ outline: 'none' }}>
      <Text>Sign in again to go on; your edits are kept.</Text>
      {ways.kind === 'demo' && (
        <PersonCards people={ways.people.filter(({ user }) => user === person.user)} onChoose={signIn.take} />
      )}
      {ways.kind === 'token' && (
        <Text c="dimmed">{ASK_FOR_LINK} It may be in another tab: this page goes on by itself.</Text>
      )}
      {ways.kind === 'unknown' && <Text role="alert">{ways.message}</Text>}
      <Group gap={8} justify="flex-end">
        <Button variant="default" onClick={signOut}>
          Sign out
        </Button>
        {ways.kind === 'token' && ways.signInUrl !== undefined && (
          // a tab of its own: what is on this page is not sent yet
          <Button component="a" href={ways.signInUrl} target="_blank" rel="noreferrer">
            Sign in again
          </Button>
        )}
      </Group>
    </Stack>
  );
}

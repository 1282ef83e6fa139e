import type { SignInState } from './sign-in.ts';

type Why = Extract<SignInState, { kind: 'signed_out' }>['why'];

/** Why nobody is signed in, and what that means for one's work; what to do stands below it. */
export const SIGN_IN_WORDS: Readonly<Record<Why, { readonly title: string; readonly text: string }>> = {
  new: {
    title: 'Sign in',
    text: 'Everyone works on the same quote at the same time, each as themselves.',
  },
  unreadable: {
    title: 'This sign-in link cannot be read',
    text: 'It may have been cut off on its way. What you typed before is kept on this device.',
  },
  expired: {
    title: 'Your sign-in has run out',
    text: 'What you typed is kept on this device, and sent once you are signed in again.',
  },
  left: { title: 'You are signed out', text: 'Nothing of yours is left on this device.' },
};

/** Instead of the text above, for who comes by a share link: it says what they may do, not who they are. */
export const INVITED = 'You were sent a link to a quote. Sign in as yourself, and it opens.';

export const ASK_FOR_LINK = 'Open the sign-in link of your company again.';

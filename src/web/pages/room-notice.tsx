import { Button } from '@mantine/core';
import { CloudOff, DoorClosed, FileQuestion, type LucideIcon, Unplug, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { EndedNotice } from '../room/session/ended-notice.tsx';
import { countOf } from '../words/count-of.ts';
import { Notice } from './notice.tsx';
import { ToQuotes } from './not-found-page.tsx';
import { type RoomView, sentenceOf } from './room-view.ts';

/** What is said instead of a room; not for `room`, `loading` and `stuck`, which are more than a sentence. */
export function RoomNotice({ view, onRejoin }: { readonly view: RoomView; readonly onRejoin: () => void }) {
  switch (view.kind) {
    case 'forbidden':
      return view.isRemoval ? (
        <Plain icon={DoorClosed} title="You are no longer in this quote" actions={<ToQuotes />}>
          {sentenceOf(view.detail)} Nothing of it is kept on this device. Ask one of its hosts if this is a
          mistake.
        </Plain>
      ) : (
        <Plain icon={DoorClosed} title="You have no access to this quote" actions={<ToQuotes />}>
          Ask one of its hosts to let you in, then open the link again.
        </Plain>
      );
    case 'no_such_quote':
      return <NoSuchQuotePage unsent={view.unsent} />;
    case 'session_ended':
      return <EndedNotice onRejoin={onRejoin} />;
    case 'full':
      return (
        <Plain icon={Users} title="There is no room right now" actions={<ToQuotes />}>
          As many people as fit are at work already. This page lets you in as soon as it can.
        </Plain>
      );
    case 'unreachable':
      return (
        <Plain
          icon={CloudOff}
          title="The server cannot be reached"
          actions={<Button onClick={() => window.location.reload()}>Try again now</Button>}
        >
          Nothing of this quote is kept on this device yet, so it opens once you are online. Trying again by
          itself.
        </Plain>
      );
    default:
      return (
        <FailedPage
          title="The server ended the connection"
          message={view.kind === 'refused' ? view.message : 'Reload to try again.'}
        />
      );
  }
}

/** For what no page of its own explains; the message says what to do. */
export const FailedPage = ({ title, message }: { readonly title: string; readonly message: string }) => (
  <Plain
    icon={Unplug}
    title={title}
    actions={<Button onClick={() => window.location.reload()}>Reload</Button>}
  >
    {message}
  </Plain>
);

export const NoSuchQuotePage = ({ unsent = 0 }: { readonly unsent?: number }) => (
  <Plain icon={FileQuestion} title="There is no such quote" actions={<ToQuotes />}>
    Check the link, or ask who sent it to you.
    {unsent > 0 &&
      ` Your ${countOf(unsent, 'unsent change')} ${unsent === 1 ? 'stays' : 'stay'} on this device until you sign out.`}
  </Plain>
);

const Plain = (props: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions: ReactNode;
}) => (
  <Notice icon={props.icon} title={props.title} actions={props.actions}>
    <p>{props.children}</p>
  </Notice>
);

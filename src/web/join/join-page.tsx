import { Button } from '@mantine/core';
import { CloudOff, DoorClosed, Link2Off, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { PageSkeleton } from '../app/page-skeleton.tsx';
import { ToQuotes } from '../pages/not-found-page.tsx';
import { Notice } from '../pages/notice.tsx';
import { useDocumentTitle } from '../pages/use-document-title.ts';
import { usePerson } from '../sign-in/use-sign-in.ts';
import type { JoinView } from './join-view.ts';
import { useJoin } from './use-join.ts';

/** `/join/:token`: lets whoever is signed in into the quote that the link is for, or says why not. */
export function JoinPage({ linkToken }: { readonly linkToken: string }) {
  const { view, tryAgain } = useJoin(linkToken);
  return view.kind === 'joining' ? <Joining /> : <NotJoined view={view} onTryAgain={tryAgain} />;
}

function Joining() {
  useDocumentTitle('Opening the quote');
  return <PageSkeleton />;
}

function NotJoined({ view, onTryAgain }: { readonly view: JoinView; readonly onTryAgain: () => void }) {
  const again = <Button onClick={onTryAgain}>Try again</Button>;
  switch (view.kind) {
    case 'shut_out':
      return (
        <Notice icon={DoorClosed} title="You were removed from this quote" actions={<ToQuotes />}>
          <p>{view.message}</p>
          <SignedInAs />
        </Notice>
      );
    case 'offline':
      return (
        <Notice icon={CloudOff} title="The server cannot be reached" actions={again}>
          <p>
            The link needs a connection to let you in. Check yours; this page tries again by itself once you
            are online.
          </p>
        </Notice>
      );
    case 'failed':
      return (
        <Notice icon={Unplug} title="The link did not open" actions={again}>
          <p>{view.message}</p>
        </Notice>
      );
    default:
      return <DeadLink />;
  }
}

const DeadLink = () => (
  <Notice icon={Link2Off} title="This link does not work any more" actions={<ToQuotes />}>
    <p>It has run out, was revoked, or was cut off on its way. Ask who sent it to you for a new one.</p>
    <p>If you were in the quote before, you still are: you find it among your quotes.</p>
  </Notice>
);

/** A link lets in whoever is signed in: that may be another than the one who was meant. */
const SignedInAs = (): ReactNode => <p>You are signed in as {usePerson().name}.</p>;

import { Button } from '@mantine/core';
import { CircleCheck, CloudOff, Link2Off, Plug, Unplug } from 'lucide-react';
import { ROLE_TITLES } from '../../authority/role.ts';
import type { SlackAccountJson } from '../../wire/slack-schemas.ts';
import { PageSkeleton } from '../app/page-skeleton.tsx';
import { ToQuotes } from '../pages/not-found-page.tsx';
import { Notice } from '../pages/notice.tsx';
import { useDocumentTitle } from '../pages/use-document-title.ts';
import { usePerson } from '../sign-in/use-sign-in.ts';
import { useSlackLink } from './use-slack-link.ts';

/**
 * `/slack/link/:code`: connects an account in Slack with whoever is signed in, once they said yes. Somebody may have sent
 * them the link of an account that is not theirs, so it says whose it is, and what follows from it.
 */
export function SlackLinkPage({ code }: { readonly code: string }) {
  const { view, connect, decline, tryAgain } = useSlackLink(code);
  const again = <Button onClick={tryAgain}>Try again</Button>;
  switch (view.kind) {
    case 'loading':
      return <Loading />;
    case 'asking':
    case 'connecting':
      return (
        <Question account={view.account} isBusy={view.kind === 'connecting'} onYes={connect} onNo={decline} />
      );
    case 'connected':
      return <Connected account={view.account} />;
    case 'declined':
      return (
        <Notice icon={Link2Off} title="Nothing was connected" actions={<ToQuotes />}>
          <p>You can close this page. The link stops working by itself.</p>
        </Notice>
      );
    case 'dead':
      return (
        <Notice icon={Link2Off} title="This link does not work any more" actions={<ToQuotes />}>
          <p>It has run out, was used, or was cut off on its way. Ask for a new one in Slack.</p>
        </Notice>
      );
    case 'offline':
      return (
        <Notice icon={CloudOff} title="The server cannot be reached" actions={again}>
          <p>
            The link needs a connection to it. Check yours; this page tries again by itself once you are
            online.
          </p>
        </Notice>
      );
    default:
      return (
        <Notice icon={Unplug} title="That did not work" actions={again}>
          <p>{view.message}</p>
        </Notice>
      );
  }
}

function Loading() {
  useDocumentTitle('Connect Slack');
  return <PageSkeleton />;
}

function Question({
  account,
  isBusy,
  onYes,
  onNo,
}: {
  readonly account: SlackAccountJson;
  readonly isBusy: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}) {
  const { name, role } = usePerson();
  const actions = (
    <>
      <Button onClick={onYes} loading={isBusy}>
        Connect
      </Button>
      <Button variant="default" onClick={onNo} disabled={isBusy}>
        Not me
      </Button>
    </>
  );
  // Names are what people typed in Slack: `bdi` keeps signs in them from turning the sentence around.
  return (
    <Notice icon={Plug} tone="warn" title="Connect Slack with Quoteroom" actions={actions}>
      <p>
        Connect the Slack account "<bdi>{account.name}</bdi>" of the workspace <bdi>{account.workspace}</bdi>{' '}
        with your Quoteroom account <bdi>{name}</bdi> ({ROLE_TITLES[role]})?
      </p>
      <p>
        Only go on if you asked for this link in Slack yourself: whoever has that Slack account then works as
        you.
      </p>
    </Notice>
  );
}

function Connected({ account }: { readonly account: SlackAccountJson }) {
  const { name } = usePerson();
  return (
    <Notice icon={CircleCheck} title="Connected. Go back to Slack.">
      <p>
        What "<bdi>{account.name}</bdi>" does in <bdi>{account.workspace}</bdi> counts as yours,{' '}
        <bdi>{name}</bdi>.
      </p>
    </Notice>
  );
}

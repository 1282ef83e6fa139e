import { Button } from '@mantine/core';
import { Bug, Sparkles } from 'lucide-react';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';

/** A mistake of ours in the page. What was typed is on the device by now, and with the server if it was there. */
export function CrashPage({ error }: { readonly error: unknown }) {
  if (isOldPage(error)) {
    return (
      <Notice icon={Sparkles} title="A new version is here" actions={<Reload />}>
        <p>
          A part of this page belongs to the version before. Reload to go on with the new one; your edits are
          kept.
        </p>
      </Notice>
    );
  }
  return (
    <Notice
      icon={Bug}
      tone="warn"
      title="Something went wrong on this page"
      actions={
        <>
          <Reload />
          <CopyButton text={() => detailsOf(error)}>Copy details</CopyButton>
        </>
      }
    >
      <p>
        Your edits are safe. Reload to go on; if it happens again, send the details to whoever runs Quoteroom.
      </p>
    </Notice>
  );
}

const Reload = () => <Button onClick={() => window.location.reload()}>Reload</Button>;

/** A part that is loaded late, and is gone since a new version was put on the server. */
const isOldPage = (error: unknown): boolean =>
  error instanceof Error &&
  /dynamically imported module|module script failed|preload CSS/i.test(error.message);

function detailsOf(error: unknown): string {
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [said, window.location.pathname, navigator.userAgent, new Date().toISOString()].join('\n');
}

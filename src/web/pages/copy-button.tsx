import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { copyText } from '../commands/copy-text.ts';

/** Puts text on the clipboard and says so. */
export function CopyButton({
  text,
  children,
}: {
  readonly text: () => string;
  readonly children: ReactNode;
}) {
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'failed'>('none');
  async function copy(): Promise<void> {
    setOutcome((await copyText(text())) ? 'copied' : 'failed');
  }
  return (
    <>
      <Button variant="default" onClick={() => void copy()}>
        {outcome === 'copied' ? 'Copied' : children}
      </Button>
      {outcome === 'failed' && (
        <textarea aria-label="Text to copy" readOnly rows={8} cols={60} value={text()} />
      )}
    </>
  );
}

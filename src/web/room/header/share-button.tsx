import { Tooltip, VisuallyHidden } from '@mantine/core';
import { Check, Link2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '../../commands/copy-text.ts';
import { shareAddress } from './share-address.ts';
import classes from './room-header.module.css';

const SAID_MS = 2_000;
const COPIED = 'Link copied';
const NOT_COPIED = 'The browser does not allow copying here. Copy the address at the top instead.';

/** Copies the page's address. Whoever opens it signs in as themselves. */
export function ShareButton() {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return undefined;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);

  async function copy(): Promise<void> {
    setSaid((await copyText(shareAddress(window.location.href))) ? COPIED : NOT_COPIED);
  }

  return (
    <>
      <Tooltip label={said ?? 'Copy a link to this quote'} {...(said !== null && { opened: true })}>
        <button type="button" className={classes['share']} onClick={() => void copy()}>
          {said === COPIED ? <Check size={14} aria-hidden="true" /> : <Link2 size={14} aria-hidden="true" />}
          Share
        </button>
      </Tooltip>
      <VisuallyHidden component="output">{said}</VisuallyHidden>
    </>
  );
}

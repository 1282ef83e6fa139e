import { Tooltip, VisuallyHidden } from '@mantine/core';
import { Check, Link2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { shareAddress } from './share-address.ts';
import classes from './room-header.module.css';

const SAID_MS = 2_000;

/** Copies the page's address. Whoever opens it signs in as themselves. */
export function ShareButton() {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => setSaid(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(shareAddress(window.location.href));
      setSaid('Link copied');
    } catch {
      setSaid('The browser does not allow copying here. Copy the address at the top instead.');
    }
  }

  return (
    <>
      <Tooltip
        label={said === '' ? 'Copy a link to this quote' : said}
        {...(said !== '' && { opened: true })}
      >
        <button type="button" className={classes['share']} onClick={() => void copy()}>
          {said === 'Link copied' ? (
            <Check size={14} aria-hidden="true" />
          ) : (
            <Link2 size={14} aria-hidden="true" />
          )}
          Share
        </button>
      </Tooltip>
      <VisuallyHidden component="output">{said}</VisuallyHidden>
    </>
  );
}

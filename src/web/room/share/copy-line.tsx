import { Button, VisuallyHidden } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { copyText } from '../../commands/copy-text.ts';
import classes from './share-dialog.module.css';

const SAID_MS = 2_000;

const focus = (button: HTMLElement | null): void => button?.focus();

/** An address to hand on: to be read, and to be copied by a button, or by hand where the browser allows no button to. */
export function CopyLine({
  label,
  address,
  action,
  variant = 'default',
  hasFocus = false,
}: {
  /** What the address is, for those who cannot see where it stands. */
  readonly label: string;
  readonly address: string;
  readonly action: string;
  readonly variant?: 'default' | 'filled';
  /** The focus starts here. */
  readonly hasFocus?: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'failed'>('none');
  useEffect(() => {
    if (outcome !== 'copied') return undefined;
    const timer = setTimeout(() => setOutcome('none'), SAID_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy(): Promise<void> {
    const isCopied = await copyText(address);
    setOutcome(isCopied ? 'copied' : 'failed');
    if (!isCopied) input.current?.select();
  }

  return (
    <div className={classes['copy']}>
      <input
        ref={input}
        className={classes['address']}
        aria-label={label}
        readOnly
        value={address}
        spellCheck={false}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <Button
        variant={variant}
        {...(hasFocus && { ref: focus })}
        data-autofocus={hasFocus || undefined}
        leftSection={
          outcome === 'copied' ? (
            <Check size={14} aria-hidden="true" />
          ) : (
            <Copy size={14} aria-hidden="true" />
          )
        }
        onClick={() => void copy()}
      >
        {outcome === 'copied' ? 'Copied' : action}
      </Button>
      <VisuallyHidden component="output">{outcome === 'copied' && 'Copied to the clipboard'}</VisuallyHidden>
      {outcome === 'failed' && (
        <p className={classes['problem']} role="alert">
          The browser does not allow copying here. The address is selected: press Ctrl+C, on a Mac ⌘C.
        </p>
      )}
    </div>
  );
}

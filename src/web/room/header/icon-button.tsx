import { Tooltip } from '@mantine/core';
import type { ComponentProps } from 'react';
import classes from './icon-button.module.css';

/** A button that is only an icon: its name is its tooltip. */
export function IconButton({
  label,
  hint = label,
  ...rest
}: ComponentProps<'button'> & { readonly label: string; readonly hint?: string }) {
  return (
    <Tooltip label={hint} openDelay={400} events={{ hover: true, focus: true, touch: false }}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={`${classes['button']} ${rest.className ?? ''}`}
      />
    </Tooltip>
  );
}

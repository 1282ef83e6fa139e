import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './hint.module.css';

/** A word in the corner that waits until it is answered, and is in nobody's way. */
export const Hint = (props: {
  readonly children: ReactNode;
  readonly action: string;
  readonly onAction: () => void;
}) => (
  <output className={classes['hint']}>
    <span>{props.children}</span>
    <Button size="compact-sm" variant="default" onClick={props.onAction}>
      {props.action}
    </Button>
  </output>
);

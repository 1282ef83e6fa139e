import { Popover } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './cell-note.module.css';

/** A sentence right below a cell, never on it, while there is something to say. Put it into the cell's frame. */
export function CellNote({
  tone,
  children,
}: {
  readonly tone: 'bad' | 'warn';
  readonly children: ReactNode;
}) {
  return (
    <Popover
      opened
      position="bottom-start"
      offset={4}
      withRoles={false}
      transitionProps={{ duration: 0 }}
      middlewares={{ flip: true, shift: { crossAxis: false } }}
    >
      <Popover.Target>
        <span className={classes['anchor']} />
      </Popover.Target>
      <Popover.Dropdown className={classes['note']} data-tone={tone}>
        <output>{children}</output>
      </Popover.Dropdown>
    </Popover>
  );
}

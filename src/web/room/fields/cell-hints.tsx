import { VisuallyHidden } from '@mantine/core';
import classes from './cell-input.module.css';

/** What there is to say of a cell while one types, below it and over what follows: nothing moves. */
export function CellHints({
  id,
  problem,
  theirs,
  closed = null,
}: {
  readonly id: string;
  readonly problem: string | null;
  readonly theirs: { readonly text: string; readonly by: string | null } | null;
  readonly closed?: string | null;
}) {
  if (problem === null && theirs === null)
    return closed === null ? null : <VisuallyHidden id={id}>{closed}</VisuallyHidden>;
  return (
    <output id={id} className={classes['hints']}>
      {problem !== null && <span className={classes['problem']}>{problem}</span>}
      {theirs !== null && (
        <span className={classes['theirs']}>
          {theirs.text === '' ? 'Emptied' : `Changed to ${theirs.text}`}
          {theirs.by !== null && ` by ${theirs.by}`}. <kbd>Enter</kbd> keeps yours, <kbd>Esc</kbd> takes
          theirs.
        </span>
      )}
    </output>
  );
}

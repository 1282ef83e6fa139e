import { Button } from '@mantine/core';
import { Check } from 'lucide-react';
import { Link } from 'wouter';
import { countOf } from '../../words/count-of.ts';
import { cellWords } from './restore-lines.ts';
import type { RestoreOutcome } from './restoring.ts';
import type { RestoringHere } from './use-restoring.ts';
import classes from './restore.module.css';

/** More names than that help nobody. */
const NAMED_MAX = 10;

/** What was restored, and what was not and why. */
export function RestoreDone(props: {
  readonly quoteId: string;
  readonly outcome: RestoreOutcome;
  readonly here: RestoringHere;
  readonly onClose: () => void;
}) {
  const { quoteId, outcome, here, onClose } = props;
  const { restored, refused, skipped } = outcome;
  const named = (cells: readonly string[]): string => {
    const names = cells.slice(0, NAMED_MAX).map((cell) => cellWords(cell, here.describing));
    const more = cells.length - names.length;
    return more > 0 ? `${names.join(', ')} and ${more.toLocaleString()} more` : names.join(', ');
  };
  return (
    <>
      <output className={classes['done']}>
        <span className={classes['good']}>
          <Check size={16} aria-hidden />
          {restored.length === 0
            ? 'Nothing was restored.'
            : `Restored ${countOf(restored.length, 'change')}.`}
        </span>
        {refused.length > 0 && <span>Refused after all: {named(refused)}.</span>}
        {skipped.length > 0 && <span>Skipped because changed meanwhile: {named(skipped)}.</span>}
      </output>
      <div className={classes['actions']}>
        {refused.length + skipped.length > 0 && (
          <Button size="compact-md" variant="default" onClick={here.preview}>
            See what is left
          </Button>
        )}
        <Button size="compact-md" variant="default" onClick={onClose}>
          Stay here
        </Button>
        <Button size="compact-md" component={Link} href={`/q/${quoteId}`} data-autofocus>
          Go to the quote
        </Button>
      </div>
    </>
  );
}

import { Button } from '@mantine/core';
import { Clock, PenLine } from 'lucide-react';
import { useNow } from '../../words/use-now.ts';
import { useQuote } from '../use-room.ts';
import { useTask } from '../use-task.ts';
import classes from './session-banners.module.css';
import { othersPen } from '../../../client/foresight-messages.ts';
import { endsWords } from './session-words.ts';

/** The session is about to end. Goes with the message that it is not, whoever did something. */
export function EndsBanner({ endsAt }: { readonly endsAt: number }) {
  const quote = useQuote();
  const now = useNow();
  const { isBusy, problem, run } = useTask();
  return (
    <div className={classes['banner']} data-tone="warn">
      <Clock size={14} aria-hidden="true" />
      <output>{problem ?? endsWords(endsAt, now)}</output>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isBusy}
        onClick={() => run(() => quote.keepSessionOpen())}
      >
        Keep it open
      </Button>
    </div>
  );
}

/** Where only one person edits at a time. */
export function PenBanner({ name }: { readonly name: string }) {
  return (
    <div className={classes['banner']}>
      <PenLine size={14} aria-hidden="true" />
      <output>{othersPen(name)}</output>
    </div>
  );
}

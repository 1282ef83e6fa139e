import { Button } from '@mantine/core';
import { Eye, Link2Off, Pencil } from 'lucide-react';
import { useState } from 'react';
import { type LinkJson, isLivingLink, isWorkingLink } from '../../../wire/link-schemas.ts';
import { useTask } from '../use-task.ts';
import classes from './share-dialog.module.css';
import { LINK_TITLES, endWords, usageWords } from './share-words.ts';

/** One link: what it gives, who made it, until when it works, how it was used; and the way to end it. */
export function LinkRow({
  link,
  me,
  now,
  onRevoke,
}: {
  readonly link: LinkJson;
  readonly me: string | null;
  readonly now: number;
  readonly onRevoke: (id: string) => Promise<void>;
}) {
  const [isAsking, setAsking] = useState(false);
  const isWorking = isWorkingLink(link, now);
  // One that works no more because of its maker can come back with them.
  const isRevocable = isLivingLink(link, now);
  const Icon = isWorking ? (link.permission === 'editor' ? Pencil : Eye) : Link2Off;
  const maker = link.createdBy.id === me ? 'you' : link.createdBy.name;
  const title = LINK_TITLES[link.permission];
  return (
    <li className={classes['link']} data-dead={!isWorking || undefined}>
      <span className={classes['icon']}>
        <Icon size={14} aria-hidden="true" />
      </span>
      <span className={classes['what']}>
        <span className={classes['gives']}>
          {title}
          <span className={classes['dim']}> · made by {maker}</span>
        </span>
        <span className={classes['dim']}>
          {endWords(link, now)} · {usageWords(link, now)}
        </span>
      </span>
      {isRevocable && !isAsking && (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Revoke the link "${title}" by ${maker}`}
          onClick={() => setAsking(true)}
        >
          Revoke
        </Button>
      )}
      {isRevocable && isAsking && (
        <Question link={link} onRevoke={onRevoke} onKeep={() => setAsking(false)} />
      )}
    </li>
  );
}

const focus = (button: HTMLElement | null): void => button?.focus();

/** A link that was revoked stays so: the server keeps nothing to bring it back by. So it is asked, and No is nearest. */
function Question({
  link,
  onRevoke,
  onKeep,
}: {
  readonly link: LinkJson;
  readonly onRevoke: (id: string) => Promise<void>;
  readonly onKeep: () => void;
}) {
  const { isBusy, problem, run } = useTask();
  return (
    <fieldset className={classes['question']} aria-label="Confirm">
      <p>
        Revoke this link? It lets nobody in any more and cannot be brought back; you can make a new one.
        {link.uses > 0 && ' Whoever came in by it stays.'}
      </p>
      <Button size="compact-sm" color="red.9" loading={isBusy} onClick={() => run(() => onRevoke(link.id))}>
        Revoke
      </Button>
      <Button size="compact-sm" variant="default" ref={focus} disabled={isBusy} onClick={onKeep}>
        Keep it
      </Button>
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

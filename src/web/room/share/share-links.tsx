import { Button, Skeleton, VisuallyHidden } from '@mantine/core';
import { useRef, useState } from 'react';
import { isWorkingLink } from '../../../wire/link-schemas.ts';
import { countOf } from '../../words/count-of.ts';
import { useNow } from '../../words/use-now.ts';
import { useMe } from '../use-room.ts';
import classes from './share-dialog.module.css';
import { LinkForm } from './link-form.tsx';
import { LinkRow } from './link-row.tsx';
import { type MadeLink, useShareLinks } from './use-share-links.ts';
import { LINK_LIMITS } from './share-words.ts';

/** Links that let people in: to make one, and what became of those that were made. */
export function ShareLinks() {
  const me = useMe()?.user.id ?? null;
  const { links, problem, reload, make, revoke } = useShareLinks();
  const [made, setMade] = useState<MadeLink | null>(null);
  const [said, setSaid] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const now = useNow();
  const living = links?.filter((link) => isWorkingLink(link, now)) ?? [];
  const dead = links?.filter((link) => !isWorkingLink(link, now)) ?? [];

  async function end(id: string): Promise<void> {
    await revoke(id);
    setMade((shown) => (shown?.id === id ? null : shown));
    setSaid('Link revoked');
    // its row is gone, and the focus with it
    heading.current?.focus();
  }

  return (
    <section className={classes['section']} aria-labelledby="share-links">
      <h3 id="share-links" ref={heading} tabIndex={-1}>
        Link to let people in
      </h3>
      <p className={classes['hint']}>Whoever opens it gets access under their own name, once signed in.</p>
      <LinkForm made={made} onMake={make} onMade={setMade} />
      <VisuallyHidden component="output">{said}</VisuallyHidden>
      {links === null && problem === null && <Skeleton height={44} radius={6} />}
      {problem !== null && (
        <div className={classes['problem']} role="alert">
          <p>{problem}</p>
          <Button size="compact-sm" variant="default" onClick={reload}>
            Try again
          </Button>
        </div>
      )}
      {living.length > 0 && (
        <ul className={classes['links']} aria-label="Links that work">
          {living.map((link) => (
            <LinkRow key={link.id} link={link} me={me} now={now} onRevoke={end} />
          ))}
        </ul>
      )}
      {dead.length > 0 && (
        <details className={classes['dead']}>
          <summary>
            {countOf(dead.length, 'link')} that no longer work{dead.length === 1 && 's'}
          </summary>
          <ul className={classes['links']}>
            {dead.map((link) => (
              <LinkRow key={link.id} link={link} me={me} now={now} onRevoke={end} />
            ))}
          </ul>
        </details>
      )}
      <div className={classes['limits']}>
        <h4>What a link does not do</h4>
        <ul>
          {LINK_LIMITS.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </div>
    </section>
  );
}

import { Tooltip, VisuallyHidden } from '@mantine/core';
import { ROLE_TITLES } from '../../authority/role.ts';
import type { ListedQuote } from '../../wire/http-schemas.ts';
import { Letter } from './letter.tsx';
import classes from './live-people.module.css';

const SHOWN_MAX = 4;

/** Who is in a quote now. */
export function LivePeople({ live }: { readonly live: ListedQuote['live'] }) {
  if (live.length === 0) return null;
  const people = live.map(({ id, name, role }) => ({ id, name, words: `${name}, ${ROLE_TITLES[role]}` }));
  const shown = people.slice(0, people.length > SHOWN_MAX ? SHOWN_MAX - 1 : SHOWN_MAX);
  const more = people.slice(shown.length);
  return (
    <span className={classes['people']}>
      <VisuallyHidden>{`In it now: ${people.map(({ words }) => words).join('; ')}`}</VisuallyHidden>
      {shown.map((person) => (
        <Tooltip key={person.id} label={person.words} openDelay={200}>
          <span className={classes['person']}>
            <Letter user={person} />
          </span>
        </Tooltip>
      ))}
      {more.length > 0 && (
        <Tooltip label={more.map(({ words }) => words).join('; ')} openDelay={200} multiline maw={320}>
          <span className={classes['more']} aria-hidden>{`+${more.length}`}</span>
        </Tooltip>
      )}
    </span>
  );
}

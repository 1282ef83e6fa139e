import { ROLE_TITLES } from '../../../authority/role.ts';
import { clockTime } from '../../words/time-ago.ts';
import { type EarlierPerson, earlierWords } from './people-around.ts';
import classes from './people-tab.module.css';
import { PersonAvatar } from './person-avatar.tsx';

/** Who was here in this session and left; folded, since it is rarely asked. */
export function EarlierPeople({
  earlier,
  now,
}: {
  readonly earlier: readonly EarlierPerson[];
  readonly now: number;
}) {
  if (earlier.length === 0) return null;
  return (
    <details className={classes['earlier']}>
      <summary>{earlierWords(earlier, (at) => clockTime(at, now))}</summary>
      <ul className={classes['list']}>
        {earlier.map(({ user, leftAt }) => (
          <li key={user.id} className={classes['row']}>
            <PersonAvatar user={user} dimmed />
            <span className={classes['person']}>
              <span className={classes['who']}>
                <span className={classes['name']}>{user.name}</span>
                <span className={classes['role']}>{ROLE_TITLES[user.role]}</span>
              </span>
              <span className={classes['where']}>left {clockTime(leftAt, now)}</span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

import { type Role, ROLE_TITLES } from '../../../authority/role.ts';
import type { OwnPresence } from '../../../client/connect-quote.ts';
import classes from './people-tab.module.css';
import { PersonAvatar } from './person-avatar.tsx';
import { useCellName } from '../panel/use-row-name.ts';
import { placeOf, whereabouts } from './whereabouts.ts';

/** Somebody who is here; a click leads to where they are. */
export function PersonHere({
  user,
  presence,
  since = null,
  isMe = false,
  onGo,
}: {
  readonly user: { readonly id: string; readonly name: string; readonly role: Role };
  readonly presence?: OwnPresence;
  /** When they last did something, in words. */
  readonly since?: string | null;
  readonly isMe?: boolean;
  readonly onGo?: (cell: string) => void;
}) {
  const cellName = useCellName();
  const place = presence === undefined ? null : placeOf(presence);
  const isAbsent = presence?.status === 'away' || presence?.status === 'idle';
  const words = (
    <>
      <PersonAvatar user={user} dimmed={isAbsent} />
      <span className={classes['person']}>
        <span className={classes['who']}>
          <span className={classes['name']}>{user.name}</span>
          {isMe && <span className={classes['you']}>you</span>}
          <span className={classes['role']}>{ROLE_TITLES[user.role]}</span>
        </span>
        {presence !== undefined && (
          <span className={classes['where']}>{whereabouts(presence, cellName, since)}</span>
        )}
      </span>
    </>
  );
  return (
    <li>
      {place === null || onGo === undefined ? (
        <div className={classes['row']}>{words}</div>
      ) : (
        <button type="button" className={classes['row']} onClick={() => onGo(place)}>
          {words}
        </button>
      )}
    </li>
  );
}

import { Button } from '@mantine/core';
import { useState } from 'react';
import { GIVEN_PERMISSIONS, ROLE_TITLES } from '../../../authority/role.ts';
import type { GrantJson } from '../../../wire/http-schemas.ts';
import { useTask } from '../use-task.ts';
import classes from './people-tab.module.css';
import { type Choice, PERMISSION_TITLES, questionBefore } from './permission-words.ts';
import { PersonAvatar } from './person-avatar.tsx';
import type { PeopleAccess } from './use-people.ts';

/** What one person was given by name; `onGive` is null for whoever may only read it. */
export function GrantRow({
  grant: { user, permission },
  isMe,
  onGive,
}: {
  readonly grant: GrantJson;
  readonly isMe: boolean;
  readonly onGive: PeopleAccess['give'] | null;
}) {
  const [asked, setAsked] = useState<Choice | null>(null);
  const { isBusy, problem, run } = useTask();

  function give(choice: Choice): void {
    setAsked(null);
    run(async () => void (await onGive?.(user.id, choice)));
  }

  const question = asked === null ? null : questionBefore(asked, { name: user.name, isMe });
  return (
    <li>
      <div className={classes['row']}>
        <PersonAvatar user={user} dimmed={permission === 'none'} />
        <span className={classes['person']}>
          <span className={classes['who']}>
            <span className={classes['name']}>{user.name}</span>
            {isMe && <span className={classes['you']}>you</span>}
          </span>
          <span className={classes['where']}>
            {user.role === undefined ? 'Has not signed in yet' : ROLE_TITLES[user.role]}
          </span>
        </span>
        {onGive === null ? (
          <span className={classes['permission']}>{PERMISSION_TITLES[permission]}</span>
        ) : (
          <select
            className={classes['select']}
            aria-label={`Permission of ${user.name}`}
            value={asked ?? permission}
            disabled={isBusy}
            onChange={({ currentTarget: { value } }) => {
              const choice = value as Choice;
              if (questionBefore(choice, { name: user.name, isMe }) === null) give(choice);
              else setAsked(choice);
            }}
          >
            {GIVEN_PERMISSIONS.toReversed().map((given) => (
              <option key={given} value={given}>
                {PERMISSION_TITLES[given]}
              </option>
            ))}
            <option value="default">Like everyone else</option>
          </select>
        )}
      </div>
      {question !== null && asked !== null && (
        <fieldset className={classes['question']} aria-label="Confirm">
          <p>{question}</p>
          <Button size="compact-sm" {...(asked === 'none' && { color: 'red.9' })} onClick={() => give(asked)}>
            {asked === 'none' ? 'Remove' : 'Change'}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setAsked(null)}>
            Cancel
          </Button>
        </fieldset>
      )}
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

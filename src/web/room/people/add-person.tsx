import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Permission } from '../../../authority/role.ts';
import { isUserId } from '../../../lib/ids.ts';
import { useTask } from '../use-task.ts';
import classes from './people-tab.module.css';
import { PERMISSION_TITLES } from './permission-words.ts';
import type { PeopleAccess } from './use-people.ts';

/** Gives somebody access by the id that they sign in with; those who are here already are suggested. */
export function AddPerson({
  suggested,
  onGive,
}: {
  readonly suggested: readonly { readonly id: string; readonly name: string }[];
  readonly onGive: PeopleAccess['give'];
}) {
  const [user, setUser] = useState('');
  const [permission, setPermission] = useState<Permission>('editor');
  const { isBusy, problem, run, refuse } = useTask();

  function add(event: FormEvent): void {
    event.preventDefault();
    const id = user.trim();
    if (!isUserId(id))
      return refuse('Enter the id that they sign in with: 1 to 128 characters without spaces.');
    run(async () => {
      await onGive(id, permission);
      setUser('');
    });
  }

  return (
    <form className={classes['add']} onSubmit={add}>
      <TextInput
        size="xs"
        label="Add a person"
        description="Their user id, as your company's sign-in knows them. Often it is their e-mail address."
        value={user}
        onChange={({ currentTarget: { value } }) => setUser(value)}
        error={problem}
        list="people-suggested"
        autoComplete="off"
        spellCheck={false}
      />
      <datalist id="people-suggested">
        {suggested.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </datalist>
      <div className={classes['give']}>
        <select
          className={classes['select']}
          aria-label="Permission to give"
          value={permission}
          onChange={({ currentTarget: { value } }) => setPermission(value as Permission)}
        >
          {(['viewer', 'editor', 'host'] as const).map((given) => (
            <option key={given} value={given}>
              {PERMISSION_TITLES[given]}
            </option>
          ))}
        </select>
        <Button type="submit" size="compact-sm" loading={isBusy} disabled={user.trim() === ''}>
          Add
        </Button>
      </div>
    </form>
  );
}

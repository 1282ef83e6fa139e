import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { VERSION_NAME_CHARS_MAX } from '../../../wire/version-schemas.ts';
import { useTask } from '../../room/use-task.ts';
import classes from './versions.module.css';

/** A name, given or changed. */
export function NameForm(props: {
  readonly label: string;
  readonly action: string;
  readonly name?: string;
  /** Throws an error that says why not. */
  readonly onName: (name: string) => Promise<void>;
  readonly onCancel?: () => void;
}) {
  const { label, action, name: before = '', onName, onCancel } = props;
  const [name, setName] = useState(before);
  const { isBusy, problem, run } = useTask();
  const id = useId();
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        run(async () => {
          await onName(name.trim());
          setName('');
        });
      }}
    >
      <label className={classes['label']} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className={classes['input']}
        value={name}
        maxLength={VERSION_NAME_CHARS_MAX}
        placeholder="Sent to the customer"
        autoComplete="off"
        data-autofocus
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || onCancel === undefined) return;
          event.stopPropagation();
          onCancel();
        }}
      />
      <Button type="submit" size="compact-sm" disabled={name.trim() === ''} loading={isBusy}>
        {action}
      </Button>
      {onCancel !== undefined && (
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      )}
      {problem !== null && (
        <p id={`${id}-problem`} className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

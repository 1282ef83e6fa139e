import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import { freeFieldOf } from './free-field-name.ts';
import inputClasses from './cell-input.module.css';
import classes from './fields-card.module.css';

/** Names a field of one's own. It comes to be once it has a value. */
export function AddField({
  taken,
  onAdd,
}: {
  readonly taken: readonly string[];
  readonly onAdd: (field: string) => void;
}) {
  const [name, setName] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const hint = useId();

  function close(): void {
    setName(null);
    setProblem(null);
  }

  function add(): void {
    const field = freeFieldOf(name ?? '', taken);
    if (!field.ok) {
      setProblem(field.reason);
      return;
    }
    close();
    onAdd(field.value);
  }

  if (name === null)
    return (
      <button type="button" className={classes['add']} onClick={() => setName('')}>
        <Plus size={14} aria-hidden="true" /> Add field
      </button>
    );
  return (
    <div className={classes['field']}>
      <label className={classes['label']} htmlFor={`${hint}-name`}>
        Name of the field
      </label>
      <span className={classes['naming']}>
        <input
          id={`${hint}-name`}
          className={inputClasses['input']}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- opened by the button that stood here
          autoFocus
          value={name}
          placeholder="Delivery time"
          aria-invalid={problem !== null || undefined}
          aria-describedby={problem === null ? undefined : hint}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value);
            setProblem(null);
          }}
          onBlur={() => {
            if (name.trim() === '') close();
          }}
          onKeyDown={({ key }) => {
            if (key === 'Enter') add();
            else if (key === 'Escape') close();
          }}
        />
        {problem !== null && (
          <output id={hint} className={inputClasses['hints']}>
            <span className={inputClasses['problem']}>{problem}</span>
          </output>
        )}
      </span>
    </div>
  );
}

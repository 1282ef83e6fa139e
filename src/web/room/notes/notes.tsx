import { Button } from '@mantine/core';
import { Lock, Plus } from 'lucide-react';
import { useState } from 'react';
import { useRegisterCommands } from '../../commands/use-commands.ts';
import { usePerson } from '../../sign-in/use-sign-in.ts';
import { useForeseen, useMe, useQuote, useRowIds } from '../use-room.ts';
import { NoteItem } from './note-item.tsx';
import { RemovedNotes } from './removed-notes.tsx';
import classes from './notes.module.css';

/** What people write to each other, and to the customer, below the lines. */
export function Notes() {
  const quote = useQuote();
  const person = usePerson();
  const author = useMe()?.user.name ?? person.name;
  const ids = useRowIds('notes');
  const adding = useForeseen(ANY_NOTE);
  const [open, setOpen] = useState<string | null>(null);

  function add(): void {
    const added = quote.addRow('notes', { author, audience: 'internal' });
    if (added.ok) setOpen(added.value);
  }

  useRegisterCommands([
    {
      id: 'add-note',
      title: 'Add a note',
      group: 'Quote',
      words: 'comment text write',
      isEnabled: () => adding.kind === 'open',
      run: add,
    },
  ]);

  return (
    <section className={classes['notes']} aria-labelledby="notes-title">
      <div className={classes['head']}>
        <h2 id="notes-title" className={classes['title']}>
          Notes
        </h2>
        {adding.kind === 'open' ? (
          <Button
            className={classes['add'] ?? ''}
            size="compact-sm"
            variant="subtle"
            leftSection={<Plus size={14} aria-hidden="true" />}
            onClick={add}
          >
            Add note
          </Button>
        ) : (
          <span className={classes['closed']}>
            <Lock size={12} aria-hidden="true" />
            {adding.message}
          </span>
        )}
      </div>
      {ids.length === 0 ? (
        <p className={classes['empty']}>
          No notes yet. Notes are for your team, unless you address them to the customer.
        </p>
      ) : (
        <ul className={classes['list']}>
          {ids.map((id) => (
            <NoteItem
              key={id}
              note={id}
              isOpen={open === id}
              onOpen={() => setOpen(id)}
              onClose={() => setOpen((now) => (now === id ? null : now))}
            />
          ))}
        </ul>
      )}
      <RemovedNotes />
    </section>
  );
}

/** A note that is not there yet: what is asked is whether notes can be added. */
const ANY_NOTE = 'notes/new/position';

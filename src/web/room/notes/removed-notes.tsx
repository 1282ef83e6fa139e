import { Button } from '@mantine/core';
import { useState } from 'react';
import type { NoteRow } from '../../../quote/snapshot.ts';
import { countOf } from '../../words/count-of.ts';
import { useForeseen, useQuote } from '../use-room.ts';
import classes from './notes.module.css';
import { useRemovedNotes } from './use-notes.ts';

/** Nothing is ever gone: notes that were removed, to bring back. */
export function RemovedNotes() {
  const removed = useRemovedNotes();
  const [isOpen, setOpen] = useState(false);
  if (removed.length === 0) return null;
  return (
    <div className={classes['removed']}>
      <button
        type="button"
        className={classes['more']}
        aria-expanded={isOpen}
        onClick={() => setOpen((was) => !was)}
      >
        {isOpen ? 'Hide' : 'Show'} {countOf(removed.length, 'removed note')}
      </button>
      {isOpen && (
        <ul className={classes['list']}>
          {removed.map((note) => (
            <RemovedNote key={note.id} note={note} />
          ))}
        </ul>
      )}
    </div>
  );
}

function RemovedNote({ note: { id, cells, text } }: { readonly note: NoteRow }) {
  const quote = useQuote();
  const restoring = useForeseen(`notes/${id}/removed`);
  const { author } = cells;
  return (
    <li className={classes['gone']}>
      <span className={classes['excerpt']}>
        {typeof author === 'string' && <span className={classes['author']}>{author} </span>}
        {text.trim() === '' ? 'Empty note' : text}
      </span>
      {restoring.kind === 'open' && (
        <Button size="compact-xs" variant="default" onClick={() => quote.restoreRow('notes', id)}>
          Restore
        </Button>
      )}
    </li>
  );
}

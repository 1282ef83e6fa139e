import { ActionIcon } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { type RefObject, Suspense, useEffect, useRef } from 'react';
import { AUDIENCES } from '../../../quote/columns.ts';
import { AUDIENCE_TITLES, audienceOf } from '../../words/audience-titles.ts';
import { useCell, useForeseen, useOthersAt, useQuote, useRoom } from '../use-room.ts';
import { NoteText } from './note-text.tsx';
import classes from './notes.module.css';
import { lazyPart } from '../../app/lazy-part.ts';

const NoteEditor = lazyPart(() => import('./note-editor.tsx').then((part) => part.NoteEditor));

/** One note: who wrote it, whom it is for, and its text, which becomes an editor when it is opened. */
export function NoteItem({
  note,
  isOpen,
  onOpen,
  onClose,
}: {
  readonly note: string;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}) {
  const quote = useQuote();
  const author = useCell(`notes/${note}/author`);
  const name = typeof author === 'string' && author !== '' ? author : 'somebody';
  const audience = audienceOf(useCell(`notes/${note}/audience`));
  const removing = useForeseen(`notes/${note}/removed`);
  const writing = useForeseen(`note/${note}`);
  const item = useGoTarget(note);
  useFocusAfter(isOpen, item);
  const label = `Note by ${name}`;
  return (
    <li ref={item} className={classes['note']} data-audience={audience} tabIndex={-1}>
      <div className={classes['meta']}>
        <span className={classes['author']}>{name}</span>
        <Audience note={note} label={label} />
        <Writers note={note} />
        {removing.kind === 'open' && (
          <ActionIcon
            className={classes['remove'] ?? ''}
            variant="subtle"
            color="gray"
            size={24}
            aria-label={`Remove the note by ${name}`}
            onClick={() => quote.removeRow('notes', note)}
          >
            <Trash2 size={14} aria-hidden="true" />
          </ActionIcon>
        )}
      </div>
      {isOpen && writing.kind === 'open' ? (
        <Suspense fallback={<NoteText note={note} label={label} onOpen={null} />}>
          <NoteEditor note={note} label={label} onClose={onClose} />
        </Suspense>
      ) : (
        <NoteText note={note} label={label} onOpen={writing.kind === 'open' ? onOpen : null} />
      )}
    </li>
  );
}

function Audience({ note, label }: { readonly note: string; readonly label: string }) {
  const quote = useQuote();
  const cell = `notes/${note}/audience`;
  const audience = audienceOf(useCell(cell));
  const foreseen = useForeseen(cell);
  if (foreseen.kind === 'closed')
    return <span className={classes['audience']}>{AUDIENCE_TITLES[audience]}</span>;
  return (
    <select
      className={classes['audience']}
      aria-label={`${label}: for whom`}
      value={audience}
      onChange={({ currentTarget: { value } }) => quote.setCell(cell, value)}
    >
      {AUDIENCES.map((one) => (
        <option key={one} value={one}>
          {AUDIENCE_TITLES[one]}
        </option>
      ))}
    </select>
  );
}

/** Who else has the caret in it. */
function Writers({ note }: { readonly note: string }) {
  const names = [...new Set(useOthersAt(`note/${note}`).map(({ user }) => user.name))];
  if (names.length === 0) return null;
  return (
    <span
      className={classes['writers']}
    >{`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} writing`}</span>
  );
}

/** With the editor the focus would be gone: who left it by the keyboard goes on at the note. */
function useFocusAfter(isOpen: boolean, item: RefObject<HTMLLIElement | null>): void {
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    const isLost = document.activeElement === document.body;
    if (wasOpen.current && !isOpen && isLost)
      item.current?.querySelector<HTMLElement>('[data-opens]')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen, item]);
}

/** Brings the note into sight when somebody asks for it. */
function useGoTarget(note: string) {
  const { target } = useRoom();
  const item = useRef<HTMLLIElement>(null);
  useEffect(
    () =>
      target.observe((cell) => {
        if (cell !== `note/${note}` && !cell.startsWith(`notes/${note}/`)) return;
        item.current?.scrollIntoView({ block: 'center' });
        item.current?.focus({ preventScroll: true });
      }),
    [target, note],
  );
  return item;
}

import { type NoteLine, numberLines } from './note-lines.ts';
import classes from './notes.module.css';
import { useNoteLines } from './use-notes.ts';

/** The text as it is; the button over it opens the editor. */
export function NoteText({
  note,
  label,
  onOpen,
}: {
  readonly note: string;
  readonly label: string;
  /** Null for whoever may only read it. */
  readonly onOpen: (() => void) | null;
}) {
  const lines = useNoteLines(note);
  const numbers = numberLines(lines);
  return (
    <div className={classes['read']}>
      {lines.length === 0 && (
        <p className={classes['line']} data-blank="">
          {onOpen === null ? 'Nothing written yet.' : 'Write a note'}
        </p>
      )}
      {lines.map((line, at) => (
        // Lines have no name but their place.
        <p key={at} className={classes['line']} data-list={line.list ?? undefined}>
          {line.list !== null && (
            <span className={classes['mark']}>{numbers[at] == null ? '•' : `${numbers[at]}.`}</span>
          )}
          <Pieces line={line} />
        </p>
      ))}
      {onOpen !== null && (
        <button
          type="button"
          className={classes['open']}
          data-opens=""
          aria-label={`Edit: ${label}`}
          onClick={onOpen}
        />
      )}
    </div>
  );
}

const Pieces = ({ line: { pieces } }: { readonly line: NoteLine }) =>
  pieces.map(({ text, ...formats }, at) => (
    <span
      // Pieces have no name but their place.
      key={at}
      data-bold={formats.bold || undefined}
      data-italic={formats.italic || undefined}
      data-underline={formats.underline || undefined}
      data-strike={formats.strike || undefined}
    >
      {text}
    </span>
  ));

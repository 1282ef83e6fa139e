import 'quill/dist/quill.core.css';
import './quill.css';
import { ActionIcon } from '@mantine/core';
import { Bold, Italic, List, ListOrdered, type LucideIcon, Strikethrough, Underline } from 'lucide-react';
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useQuote } from '../use-room.ts';
import { type NoteEditor as Editor, createNoteEditor } from './create-note-editor.ts';
import { NO_FORMATS } from './note-formats.ts';
import classes from './notes.module.css';

const STYLES = [
  { format: 'bold', title: 'Bold', icon: Bold },
  { format: 'italic', title: 'Italic', icon: Italic },
  { format: 'underline', title: 'Underline', icon: Underline },
  { format: 'strike', title: 'Strike through', icon: Strikethrough },
] as const;

const LISTS = [
  { list: 'bullet', title: 'Bulleted list', icon: List },
  { list: 'ordered', title: 'Numbered list', icon: ListOrdered },
] as const;

/** A note while it is written. Leaving it, or Escape, closes it: what was typed is there already. */
export function NoteEditor({
  note,
  label,
  onClose,
}: {
  readonly note: string;
  readonly label: string;
  readonly onClose: () => void;
}) {
  const quote = useQuote();
  const container = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [on, setOn] = useState(NO_FORMATS);

  useEffect(() => {
    if (container.current === null) return undefined;
    const cell = `note/${note}`;
    quote.presence.set({ cell, editing: null });
    const opened = createNoteEditor({ container: container.current, quote, note, label, onFormats: setOn });
    setEditor(opened);
    return () => {
      opened.close();
      if (quote.presence.own().cell === cell) quote.presence.set({ cell: null });
    };
  }, [quote, note, label]);

  function onKeyDown(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (event.key === 'Escape') onClose();
    else if (isCommand && key === 'z') (event.shiftKey ? quote.redo : quote.undo)();
    else if (isCommand && key === 'y') quote.redo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function onBlur({ currentTarget, relatedTarget }: FocusEvent): void {
    // Another window in front is no reason to close.
    if (document.hasFocus() && !currentTarget.contains(relatedTarget)) onClose();
  }

  return (
    <div className={classes['editor']} onKeyDownCapture={onKeyDown} onBlur={onBlur}>
      <div className={classes['tools']} role="toolbar" aria-label="Formatting">
        {STYLES.map(({ format, title, icon }) => (
          <Tool
            key={format}
            title={title}
            icon={icon}
            isOn={on[format]}
            onUse={() => editor?.toggle(format)}
          />
        ))}
        {LISTS.map(({ list, title, icon }) => (
          <Tool
            key={list}
            title={title}
            icon={icon}
            isOn={on.list === list}
            onUse={() => editor?.toggleList(list)}
          />
        ))}
      </div>
      <div ref={container} className={classes['paper']} />
    </div>
  );
}

function Tool({
  title,
  icon: Icon,
  isOn,
  onUse,
}: {
  readonly title: string;
  readonly icon: LucideIcon;
  readonly isOn: boolean;
  readonly onUse: () => void;
}) {
  return (
    <ActionIcon
      className={classes['tool'] ?? ''}
      variant="subtle"
      color="gray"
      size={24}
      aria-label={title}
      title={title}
      aria-pressed={isOn}
      // The selection stays where it is.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onUse}
    >
      <Icon size={14} aria-hidden="true" />
    </ActionIcon>
  );
}

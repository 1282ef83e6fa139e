import { Modal } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useRoom, useSnapshot } from '../room/use-room.ts';
import { rowCell } from '../../quote/cell.ts';
import classes from './command-palette.module.css';
import { isEnabled } from './commands.ts';
import { type PaletteEntry, findEntries } from './find-entries.ts';
import { KeyHint } from './key-hint.tsx';
import { useAllCommands } from './use-commands.ts';

/** Ctrl+K: type what you want to do, or the line that you want to go to. */
export function CommandPalette({ onClose }: { readonly onClose: (then?: () => void) => void }) {
  const [query, setQuery] = useState('');
  const [marked, setMarked] = useState(0);
  const { target } = useRoom();
  const { lineItems } = useSnapshot();
  const commands = useAllCommands().filter(({ id }) => id !== 'palette');
  const entries = findEntries(query, commands.filter(isEnabled), lineItems);
  const current = Math.min(marked, entries.length - 1);
  const listId = useId();
  const optionId = (index: number): string => `${listId}-${index}`;

  function choose(entry: PaletteEntry | undefined): void {
    if (entry === undefined) return;
    onClose(
      entry.kind === 'command'
        ? entry.command.run
        : () => target.goTo(rowCell('lineItems', entry.id, 'name')),
    );
  }

  function onKeyDown(event: KeyboardEvent): void {
    const to = goalOf(event.key, current, entries.length);
    if (to !== null) setMarked(to);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(entries[current]);
    else return;
    event.preventDefault();
  }

  return (
    <Modal
      opened
      onClose={() => onClose()}
      withCloseButton={false}
      lockScroll={false}
      returnFocus={false}
      padding={0}
      size={560}
      yOffset="12vh"
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': 'Find a command or a line' } }}
    >
      <div className={classes['field']}>
        <Search size={16} aria-hidden="true" />
        <input
          className={classes['input']}
          role="combobox"
          aria-label="Find a command or a line"
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={entries.length === 0 ? undefined : optionId(current)}
          placeholder="Find a command or a line"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={query}
          onChange={({ currentTarget }) => {
            setQuery(currentTarget.value);
            setMarked(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {/* A select cannot have headings and keys in its options. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
      <div id={listId} role="listbox" aria-label="Commands and lines" className={classes['list']}>
        {entries.map((entry, index) => (
          <Entry
            key={keyOf(entry)}
            id={optionId(index)}
            entry={entry}
            heading={headingAt(entries, index, query.trim() !== '')}
            isMarked={index === current}
            onMark={() => setMarked(index)}
            onChoose={() => choose(entry)}
          />
        ))}
      </div>
      {entries.length === 0 && <p className={classes['none']}>Nothing here is called that.</p>}
    </Modal>
  );
}

function goalOf(key: string, current: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'ArrowDown') return (current + 1) % count;
  if (key === 'ArrowUp') return (current + count - 1) % count;
  return null;
}

interface EntryProps {
  readonly id: string;
  readonly entry: PaletteEntry;
  /** Above it, where another group begins. */
  readonly heading: string | null;
  readonly isMarked: boolean;
  readonly onMark: () => void;
  readonly onChoose: () => void;
}

/** The focus stays in the field, so an option is told by the field's `aria-activedescendant` and clicked, never focused. */
function Entry({ id, entry, heading, isMarked, onMark, onChoose }: EntryProps) {
  const option = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isMarked) option.current?.scrollIntoView({ block: 'nearest' });
  }, [isMarked]);
  return (
    <>
      {heading !== null && (
        <div role="presentation" className={classes['heading']}>
          {heading}
        </div>
      )}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events */}
      <div
        ref={option}
        id={id}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no field for a form
        role="option"
        tabIndex={-1}
        aria-selected={isMarked}
        className={classes['entry']}
        onPointerMove={isMarked ? undefined : onMark}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onChoose}
      >
        {entry.kind === 'command' ? (
          <>
            <span className={classes['title']}>{entry.command.title}</span>
            {entry.command.keys?.[0] !== undefined && <KeyHint keys={entry.command.keys[0]} />}
          </>
        ) : (
          <>
            <span className={classes['number']}>{entry.number}</span>
            <span className={classes['title']}>{entry.name === '' ? 'Line without a name' : entry.name}</span>
            <span className={classes['sku']}>{entry.sku}</span>
          </>
        )}
      </div>
    </>
  );
}

const keyOf = (entry: PaletteEntry): string =>
  entry.kind === 'command' ? `command ${entry.command.id}` : `line ${entry.id}`;

/** Found by words, commands are in the order of how well they fit, so all under one heading. */
function headingAt(entries: readonly PaletteEntry[], index: number, isFound: boolean): string | null {
  const [own, above] = [entries[index], entries[index - 1]].map((entry) => {
    if (entry === undefined) return null;
    if (entry.kind === 'line') return 'Go to line';
    return isFound ? 'Commands' : entry.command.group;
  });
  return own === above ? null : (own ?? null);
}

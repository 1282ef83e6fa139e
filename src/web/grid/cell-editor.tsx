import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useSyncExternalStore } from 'react';
import { isOvertaken, lastWriter } from '../cell/cell-draft.ts';
import { CellNote } from '../cell/cell-note.tsx';
import { useCell, useForeseen, useMe, useRoom } from '../room/use-room.ts';
import { formatCellValue } from '../../quote/format-cell-value.ts';
import { readCellText } from './clipboard/read-cell-text.ts';
import { type GridColumn, isRightAligned } from './grid-columns.ts';
import classes from './grid-cell.module.css';
import { isRefused, useAskAgain } from './use-ask-again.ts';
import { useDraft, useGrid } from './use-grid.ts';

/** The open cell: an input over it. What others write meanwhile is told below it and takes nothing away. */
export function CellEditor({ cell, column }: { readonly cell: string | null; readonly column: GridColumn }) {
  const { editing, store } = useGrid();
  const draft = useDraft();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const opened = input.current;
    opened?.focus({ preventScroll: true });
    opened?.setSelectionRange(opened.value.length, opened.value.length);
  }, []);
  // What was not taken is replaced by the next key, not joined by it.
  useEffect(() => {
    if (isRefused(draft)) input.current?.select();
  }, [draft]);
  useAskAgain(cell, isRefused(draft));
  if (draft === null) return null;

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    // What is typed is the cell's; the page's own keys, like Ctrl+K, go on to the page.
    if (!(event.ctrlKey || event.metaKey) || KEYS_OF_TEXT.test(event.key)) event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const after = AFTER_KEY[`${event.shiftKey ? 'Shift+' : ''}${event.key}`];
    if (after !== undefined) editing.commit(after);
    else if (event.key === 'Escape') editing.cancel();
    else return;
    event.preventDefault();
    if (store.draft() === null) focusGridAround(event.currentTarget);
  }

  return (
    <>
      <input
        ref={input}
        className={classes['editor']}
        data-align={isRightAligned(column) ? 'right' : undefined}
        aria-label={column.title}
        aria-invalid={draft.problem !== null || undefined}
        inputMode={isRightAligned(column) ? 'decimal' : 'text'}
        autoComplete="off"
        spellCheck={false}
        value={draft.text}
        onChange={({ currentTarget }) => editing.type(currentTarget.value)}
        onBlur={() => editing.leave()}
        onKeyDown={onKeyDown}
        onCopy={stop}
        onCut={stop}
        onPaste={stop}
        onPointerDown={(event) => event.stopPropagation()}
        onMouseDown={(event) => {
          // A click on it leaves it selected; a double click goes into the text.
          if (event.detail < 2 && isRefused(draft) && isAllSelected(event.currentTarget))
            event.preventDefault();
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      />
      {draft.problem !== null && <CellNote tone="bad">{draft.problem}</CellNote>}
      {draft.problem === null && cell !== null && <Theirs cell={cell} column={column} />}
    </>
  );
}

const isAllSelected = ({ selectionStart, selectionEnd, value }: HTMLInputElement): boolean =>
  selectionStart === 0 && selectionEnd === value.length;

const AFTER_KEY: Readonly<Record<string, 'down' | 'up' | 'next' | 'previous'>> = {
  Enter: 'down',
  'Shift+Enter': 'up',
  Tab: 'next',
  'Shift+Tab': 'previous',
};

/** With Ctrl or Cmd: cut, copy, paste, select all, undo, redo. */
const KEYS_OF_TEXT = /^[xcvazy]$/i;

const stop = (event: ClipboardEvent): void => event.stopPropagation();

/** The grid itself has the focus whenever no cell is open. */
function focusGridAround(element: Element): void {
  element.closest<HTMLElement>('[role=grid]')?.focus({ preventScroll: true });
}

function Theirs({ cell, column }: { readonly cell: string; readonly column: GridColumn }) {
  const { activity } = useRoom();
  const value = useCell(cell);
  const me = useMe()?.user.id;
  const draft = useDraft();
  const isOther = isOvertaken(draft, value, (text) => readCellText(column.id, text));
  const by = useSyncExternalStore(activity.observe, () =>
    isOther ? lastWriter(activity.entries(), cell, me) : null,
  );
  const foreseen = useForeseen(cell);
  const closed = foreseen.kind === 'closed' ? foreseen.message : null;
  if (!isOther) return closed === null ? null : <CellNote tone="warn">{closed}</CellNote>;
  return (
    <CellNote tone="warn">
      Changed to {formatCellValue(cell, value)}
      {by !== null && ` by ${by}`}. {closed ?? 'Enter keeps yours,'} Esc takes theirs.
    </CellNote>
  );
}

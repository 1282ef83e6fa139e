import type { Direction } from './navigation.ts';

/** What a key means in the grid, as in a spreadsheet. Pure; null for a key that is not the grid's. */
export type GridCommand =
  | { readonly kind: 'move'; readonly direction: Direction; readonly extend: boolean }
  | { readonly kind: 'tab'; readonly by: 1 | -1 }
  /** Enter: edits the cell as it is. */
  | { readonly kind: 'edit' }
  /** Typing: the text replaces the value. Empty where an input method will say more. */
  | { readonly kind: 'type'; readonly text: string; readonly isComposing: boolean }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'move_rows'; readonly by: 1 | -1 }
  | { readonly kind: SimpleCommand };

type SimpleCommand =
  | 'clear'
  | 'remove_rows'
  | 'insert_below'
  | 'fill_down'
  | 'undo'
  | 'redo'
  | 'select_all'
  | 'select_rows'
  | 'menu'
  | 'escape';

/** A keyboard event, of which no more is read. */
export interface PressedKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Home: 'row_start',
  End: 'row_end',
  PageUp: 'page_up',
  PageDown: 'page_down',
};

const FAR: Readonly<Record<string, Direction>> = {
  ArrowUp: 'column_start',
  ArrowDown: 'column_end',
  ArrowLeft: 'row_start',
  ArrowRight: 'row_end',
  Home: 'start',
  End: 'end',
};

/** With Ctrl, or with Command on a Mac. */
const WITH_CONTROL: Readonly<Record<string, SimpleCommand>> = {
  Enter: 'insert_below',
  Backspace: 'remove_rows',
  a: 'select_all',
  d: 'fill_down',
  y: 'redo',
};

const PLAIN: Readonly<Record<string, SimpleCommand>> = {
  Delete: 'clear',
  Backspace: 'clear',
  Escape: 'escape',
  ContextMenu: 'menu',
};

export function commandOf(event: PressedKey): GridCommand | null {
  const { key, shiftKey, altKey } = event;
  if (altKey) return altCommand(event);
  if (event.ctrlKey || event.metaKey) return controlCommand(event);
  const direction = ARROWS[key];
  if (direction !== undefined) return { kind: 'move', direction, extend: shiftKey };
  if (key === 'Tab') return { kind: 'tab', by: shiftKey ? -1 : 1 };
  if (key === 'Enter') return shiftKey ? { kind: 'move', direction: 'up', extend: false } : { kind: 'edit' };
  if (key === 'F2') return { kind: 'edit' };
  if (key === 'F10') return shiftKey ? { kind: 'menu' } : null;
  if (key === ' ') return { kind: shiftKey ? 'select_rows' : 'toggle' };
  const plain = PLAIN[key];
  if (plain !== undefined) return { kind: plain };
  if (key === 'Process' || key === 'Dead') return { kind: 'type', text: '', isComposing: true };
  return isText(key) ? { kind: 'type', text: key, isComposing: false } : null;
}

/** AltGr writes characters on many keyboards, and is Ctrl+Alt on Windows. */
function altCommand({ key, ctrlKey, metaKey }: PressedKey): GridCommand | null {
  if (!ctrlKey && !metaKey && key === 'ArrowUp') return { kind: 'move_rows', by: -1 };
  if (!ctrlKey && !metaKey && key === 'ArrowDown') return { kind: 'move_rows', by: 1 };
  return ctrlKey && isText(key) ? { kind: 'type', text: key, isComposing: false } : null;
}

function controlCommand({ key, shiftKey }: PressedKey): GridCommand | null {
  const direction = FAR[key];
  if (direction !== undefined) return { kind: 'move', direction, extend: shiftKey };
  const letter = key.length === 1 ? key.toLowerCase() : key;
  if (letter === 'z') return { kind: shiftKey ? 'redo' : 'undo' };
  const command = WITH_CONTROL[letter];
  return command === undefined || shiftKey ? null : { kind: command };
}

/** One character as typed, not the name of a key. */
const isText = (key: string): boolean => [...key].length === 1;

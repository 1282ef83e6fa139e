/**
 * The grid's keys that are no commands of their own, for the page of shortcuts. `kind` is what `grid-keys.ts` makes of
 * them, which a test compares; null for those that it leaves to others: the clipboard, and the mark of a held cell.
 */
export interface ShownKeys {
  readonly title: string;
  readonly keys: readonly string[];
  readonly kind: string | null;
}

export const GRID_KEYS: readonly ShownKeys[] = [
  { title: 'Move', keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'], kind: 'move' },
  { title: 'Move to the edge', keys: ['Mod+ArrowUp', 'Mod+ArrowDown'], kind: 'move' },
  { title: 'Select more', keys: ['Shift+ArrowUp', 'Shift+ArrowDown'], kind: 'move' },
  { title: 'Next or previous cell', keys: ['Tab', 'Shift+Tab'], kind: 'tab' },
  { title: 'Edit the cell', keys: ['Enter', 'F2'], kind: 'edit' },
  { title: 'Tick or untick', keys: [' '], kind: 'toggle' },
  { title: 'Select whole lines', keys: ['Shift+ '], kind: 'select_rows' },
  { title: 'Select everything', keys: ['Mod+A'], kind: 'select_all' },
  { title: 'Empty the cells', keys: ['Delete'], kind: 'clear' },
  { title: 'Choose between held values', keys: ['Alt+Enter'], kind: null },
  { title: 'Menu of the line', keys: ['Shift+F10'], kind: 'menu' },
  { title: 'Copy', keys: ['Mod+C'], kind: null },
  { title: 'Cut', keys: ['Mod+X'], kind: null },
  { title: 'Paste', keys: ['Mod+V'], kind: null },
];

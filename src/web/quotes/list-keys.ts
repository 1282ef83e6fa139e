/** What a key does in the list of quotes. Null: what it does anyway. */
export type ListAction =
  | 'search'
  | 'new'
  | 'down'
  | 'up'
  | 'first'
  | 'last'
  | 'page_down'
  | 'page_up'
  | 'open'
  | 'clear';

export interface ListKey {
  readonly key: string;
  /** With Ctrl, Alt or Cmd: the browser's own. */
  readonly hasModifier: boolean;
  /** Where the key was pressed: the search field; something else that takes keys; the list, or nothing in particular. */
  readonly on: 'search' | 'control' | 'list' | 'page';
}

const MOVES: Readonly<Record<string, ListAction>> = {
  ArrowDown: 'down',
  ArrowUp: 'up',
  PageDown: 'page_down',
  PageUp: 'page_up',
  Home: 'first',
  End: 'last',
};

export function listActionOf({ key, hasModifier, on }: ListKey): ListAction | null {
  if (hasModifier || on === 'control') return null;
  if (key === 'Escape') return 'clear';
  if (on === 'search') {
    // Home and End move in the text; Enter opens what was found.
    if (key === 'Enter') return 'open';
    return key === 'ArrowDown' || key === 'ArrowUp' ? (MOVES[key] ?? null) : null;
  }
  if (key === '/') return 'search';
  if (key === 'n') return 'new';
  if (key === 'Enter') return 'open';
  return MOVES[key] ?? null;
}

/** Rows that PageUp and PageDown pass. */
const PAGE_ROWS = 10;

/** The row that a move leads to, of `count`; -1 where there is none, or none was chosen yet. */
export function moveTo(action: ListAction, from: number, count: number): number {
  const within = (row: number): number => Math.max(0, Math.min(row, count - 1));
  if (count === 0) return -1;
  switch (action) {
    case 'down':
      return within(from + 1);
    case 'up':
      return within(from - 1);
    case 'page_down':
      return within(from + PAGE_ROWS);
    case 'page_up':
      return within(from - PAGE_ROWS);
    case 'first':
      return 0;
    case 'last':
      return count - 1;
    default:
      return from;
  }
}

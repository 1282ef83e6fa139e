import { type MouseEvent, useState } from 'react';
import { gridCellId } from './grid-cell.tsx';
import type { OpenRowMenu } from './row-menu.tsx';
import { selectRows } from './selection.ts';
import type { Grid } from './use-grid.ts';

/** The menu of a line: by its button, the right mouse button, or a key; and where it stands. */
export function useRowMenu({ store, lines }: Grid) {
  const [menu, setMenu] = useState<OpenRowMenu | null>(null);

  /** The menu is for what is selected, or for the line that was pointed at. */
  function chooseLine(line: string): void {
    const selected = lines.linesWith(line).length > 1 ? null : selectRows(store.axes(), line, line);
    if (selected !== null) store.select(selected);
  }

  return {
    opened: menu,
    close: () => setMenu(null),
    /** Below the cursor. */
    openAtCursor(line: string): void {
      const head = store.selection()?.head;
      const cell = head === undefined ? null : document.getElementById(gridCellId(line, head.column));
      const { left = 0, bottom = 0 } = cell?.getBoundingClientRect() ?? {};
      setMenu({ line, column: head?.column ?? null, x: left, y: bottom });
    },
    onContextMenu(event: MouseEvent<HTMLDivElement>): void {
      if (!(event.target instanceof Element)) return;
      const line = lineOf(event.target);
      if (line === undefined) return;
      event.preventDefault();
      chooseLine(line);
      setMenu({ line, column: columnOf(event.target), x: event.clientX, y: event.clientY });
    },
    onClick(event: MouseEvent<HTMLDivElement>): void {
      if (!(event.target instanceof Element)) return;
      const button = event.target.closest<HTMLElement>('[data-menu]');
      const line = button?.dataset['menu'];
      if (button === null || line === undefined) return;
      const { left, bottom } = button.getBoundingClientRect();
      chooseLine(line);
      setMenu({ line, column: null, x: left, y: bottom });
    },
  };
}

const lineOf = (element: Element): string | undefined =>
  element.closest<HTMLElement>('[data-line]')?.dataset['line'];

const columnOf = (element: Element): string | null =>
  element.closest<HTMLElement>('[data-column]')?.dataset['column'] ?? null;

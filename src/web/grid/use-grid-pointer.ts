import { type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Grid } from './use-grid.ts';
import { placeBefore } from './move-lines.ts';
import { NEW_ROW, selectCell, selectRows } from './selection.ts';

/** px that a handle must be dragged before it is a drag and no click. */
const DRAG_FROM = 4;
/** Near the edge of what is in sight the rows scroll under the pointer: px, and px a frame. */
const SCROLL_ZONE = 40;
const SCROLL_STEP = 12;

export interface GridPointer {
  onPointerDown(event: PointerEvent<HTMLDivElement>): void;
  /** Before which planned row the dragged lines would land; null while none are dragged. */
  readonly drop: number | null;
}

/** Clicks and drags in the rows: selecting cells, selecting lines by their handles, dragging lines to another place. */
export function useGridPointer(
  grid: Grid,
  { rowHeight, scroller }: { readonly rowHeight: number; readonly scroller: () => HTMLElement | null },
): GridPointer {
  const [drop, setDrop] = useState<number | null>(null);
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);
  const { store, editing, lines, sheet } = grid;

  /** Follows the pointer until it is let go, or Escape. */
  function follow(
    move: (event: globalThis.PointerEvent) => void,
    done: (isCancelled: boolean) => void,
  ): void {
    const finish = (isCancelled: boolean): void => {
      listening.abort();
      end.current = null;
      done(isCancelled);
    };
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', () => finish(false), { signal });
    window.addEventListener('pointercancel', () => finish(true), { signal });
    window.addEventListener('keydown', (event) => event.key === 'Escape' && finish(true), { signal });
    end.current = () => listening.abort();
  }

  function selectByDrag(row: string, column: string, extend: boolean): void {
    const before = store.selection();
    const head = { row, column };
    const anchor = extend && before !== null && row !== NEW_ROW ? before.anchor : head;
    store.select({ anchor, head });
    follow(
      ({ target, buttons }) => {
        const cell = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
        const { row: overRow, column: overColumn } = cell?.dataset ?? {};
        if (buttons === 0 || overRow === undefined || overColumn === undefined || overRow === NEW_ROW) return;
        const now = store.selection();
        if (now?.head.row === overRow && now.head.column === overColumn) return;
        store.select({ anchor, head: { row: overRow, column: overColumn } });
      },
      () => undefined,
    );
  }

  function dragLine(line: string, from: PointerEvent<HTMLDivElement>): void {
    const rows = from.currentTarget;
    const startY = from.clientY;
    let y = startY;
    let index: number | null = null;
    let frame = 0;

    const aim = (): void => {
      const at = Math.round((y - rows.getBoundingClientRect().top) / rowHeight);
      index = Math.min(Math.max(at, 0), sheet.plan().length - 1);
      setDrop(index);
    };
    const scroll = (): void => {
      const area = scroller();
      if (area === null) return;
      const { top, bottom } = area.getBoundingClientRect();
      const by =
        y < top + SCROLL_ZONE + rowHeight ? -SCROLL_STEP : y > bottom - SCROLL_ZONE ? SCROLL_STEP : 0;
      if (by !== 0) {
        area.scrollTop += by;
        aim();
      }
      frame = requestAnimationFrame(scroll);
    };

    follow(
      ({ clientY }) => {
        y = clientY;
        if (index === null && Math.abs(y - startY) < DRAG_FROM) return;
        if (index === null) frame = requestAnimationFrame(scroll);
        aim();
      },
      (isCancelled) => {
        cancelAnimationFrame(frame);
        setDrop(null);
        if (index === null || isCancelled) return;
        const dragged = lines.linesWith(line);
        lines.move(dragged, placeBefore(sheet.plan(), index, dragged));
      },
    );
  }

  function onHandle(line: string, event: PointerEvent<HTMLDivElement>): void {
    const axes = store.axes();
    const before = store.selection();
    const isInSelection = lines.linesWith(line).length > 1;
    const from = event.shiftKey && before !== null ? before.anchor.row : line;
    const selected = selectRows(axes, from, line);
    if (selected !== null && (!isInSelection || event.shiftKey)) store.select(selected);
    if (!event.shiftKey) dragLine(line, event);
  }

  return {
    drop,
    onPointerDown(event) {
      if (event.button !== 0 || !(event.target instanceof Element)) return;
      if (event.target.closest('[data-menu]') !== null) return;
      const handle = event.target.closest<HTMLElement>('[data-handle]')?.dataset['handle'];
      const { row, column } = event.target.closest<HTMLElement>('[data-row]')?.dataset ?? {};
      if (handle === undefined && (row === undefined || column === undefined)) return;
      editing.leave();
      if (event.pointerType === 'mouse') event.preventDefault();
      if (handle === NEW_ROW) return lines.add();
      if (handle !== undefined) return onHandle(handle, event);
      if (row === undefined || column === undefined) return;
      if (event.pointerType !== 'mouse') return store.select(selectCell({ row, column }));
      selectByDrag(row, column, event.shiftKey);
      if (!event.shiftKey && event.target.closest('[data-check]') !== null) editing.toggle();
    },
  };
}

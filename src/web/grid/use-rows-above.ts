import { type RefObject, useLayoutEffect, useState } from 'react';

/** px */
export const ROW_HEIGHT = 32;

/** How far below the top of what scrolls the rows begin, in px: what stands above them may grow and shrink. */
export function useRowsAbove(rows: RefObject<HTMLElement | null>, scroller: HTMLElement | null): number {
  const [above, setAbove] = useState(0);
  useLayoutEffect(() => {
    if (scroller === null || rows.current === null) return undefined;
    const measured = rows.current;
    const measure = (): void => {
      const top =
        measured.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
      setAbove(Math.round(top));
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const part of scroller.children) observer.observe(part);
    return () => observer.disconnect();
  }, [rows, scroller]);
  return above;
}

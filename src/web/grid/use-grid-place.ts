import { type RefObject, useLayoutEffect, useState } from 'react';

interface Place {
  /** px that the grid may be wide without scrolling sideways. */
  readonly width: number;
  /** What the rows scroll with, up and down; null until it is known. */
  readonly scroller: HTMLElement | null;
}

/** How wide the grid may be, and what it scrolls with. */
export function useGridPlace(root: RefObject<HTMLElement | null>): Place {
  const [place, setPlace] = useState<Place>({ width: 0, scroller: null });
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return undefined;
    const scroller = element.closest('main');
    const measure = (): void => setPlace({ width: element.clientWidth, scroller });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
  return place;
}

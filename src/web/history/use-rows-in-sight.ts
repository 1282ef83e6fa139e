import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useState } from 'react';
import { useFrozen } from './use-frozen.ts';

const ROW_HEIGHT = 32;
const OVERSCAN = 8;

/** The rows in sight, of however many there are; they scroll with the middle of the page. */
export function useRowsInSight(rows: RefObject<HTMLDivElement | null>, scroller: HTMLElement | null) {
  const { quote } = useFrozen();
  const [above, setAbove] = useState(0);
  // oxlint-disable-next-line react/incompatible-library -- nothing is compiled here
  const virtual = useVirtualizer({
    count: quote.plan.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: above,
    scrollPaddingStart: ROW_HEIGHT + 8,
    scrollPaddingEnd: 8,
  });
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
  return { virtual, above };
}

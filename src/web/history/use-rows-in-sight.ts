import { useVirtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import { ROW_HEIGHT, useRowsAbove } from '../grid/use-rows-above.ts';
import { useFrozen } from './use-frozen.ts';

const OVERSCAN = 8;

/** The rows in sight, of however many there are; they scroll with the middle of the page. */
export function useRowsInSight(rows: RefObject<HTMLDivElement | null>, scroller: HTMLElement | null) {
  const { quote } = useFrozen();
  const above = useRowsAbove(rows, scroller);
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
  return { virtual, above };
}

import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { ListedQuote } from '../../wire/http-schemas.ts';
import { useNow } from '../words/use-now.ts';
import { usePerson } from '../sign-in/use-sign-in.ts';
import { QuoteRow } from './quote-row.tsx';
import classes from './quote-table.module.css';

/** As in the style sheet. */
const ROW_PX = 40;
const PHONE_ROW_PX = 64;
const HEADER_PX = 32;
/** Rows before the end at which the next page is asked for. */
const AHEAD_ROWS = 20;

const TITLES = ['Quote', 'Customer', 'Status', 'Total', 'Owner', 'In it now', 'Last change'];

export interface QuoteTableProps {
  readonly quotes: readonly ListedQuote[];
  /** There are more than these. */
  readonly hasMore: boolean;
  /** The rows are those of another filter, until its own are here. */
  readonly isStale: boolean;
  /** The row that the keys are on; -1 for none. */
  readonly active: number;
  readonly onOpen: (quoteId: string) => void;
  readonly onNearEnd: () => void;
}

/** One tab stop; the keys of the page move the active row. */
export function QuoteTable(props: QuoteTableProps) {
  const { quotes, hasMore, isStale, active, onOpen, onNearEnd } = props;
  const { user } = usePerson();
  const now = useNow();
  const isPhone = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false });
  const scroller = useRef<HTMLDivElement>(null);
  const headerPx = isPhone ? 0 : HEADER_PX;
  // oxlint-disable-next-line react/incompatible-library -- nothing is compiled here
  const virtual = useVirtualizer({
    count: quotes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isPhone ? PHONE_ROW_PX : ROW_PX),
    getItemKey: (index) => quotes[index]?.id ?? index,
    scrollMargin: headerPx,
    scrollPaddingStart: headerPx,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => virtual.measure(), [virtual, isPhone]);
  useEffect(() => {
    if (active >= 0) virtual.scrollToIndex(active);
  }, [virtual, active]);
  useEffect(() => {
    if (hasMore && lastShown >= quotes.length - AHEAD_ROWS) onNearEnd();
  }, [hasMore, lastShown, quotes.length, onNearEnd]);

  const activeId = quotes[active]?.id;
  return (
    <div ref={scroller} className={classes['scroller']}>
      <table
        className={classes['table']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- rows are chosen by keys
        role="grid"
        tabIndex={0}
        aria-label="Quotes"
        aria-rowcount={hasMore ? -1 : quotes.length + 1}
        aria-activedescendant={activeId === undefined ? undefined : rowId(activeId)}
        aria-busy={isStale}
      >
        <thead>
          <tr className={classes['header']} aria-rowindex={1}>
            {TITLES.map((title) => (
              <th key={title} scope="col" className={title === 'Total' ? classes['total'] : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={classes['rows']} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const quote = quotes[index];
            if (quote === undefined) return null;
            return (
              <QuoteRow
                key={quote.id}
                quote={quote}
                id={rowId(quote.id)}
                rowIndex={index + 2}
                top={start - headerPx}
                isActive={index === active}
                me={user}
                now={now}
                onOpen={onOpen}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const rowId = (quoteId: string): string => `quote-${quoteId}`;

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { countOf } from '../words/count-of.ts';
import { problemOf } from '../words/problem-of.ts';
import { EVENT_HEIGHT, EventItem, eventId } from './event-item.tsx';
import { EventFilters } from './event-filters.tsx';
import { type EventFilter, allEvents, eventBefore, eventBeside, isFiltered } from './event-search.ts';
import { newestOf } from './timeline.ts';
import { useHistory, useHistoryView } from './use-history.ts';
import { useEvents } from './use-events.ts';
import classes from './event-list.module.css';

/** A list of so many that only those in sight are there cannot be a select. */
const LISTBOX = { role: 'listbox' } as const;

/** All entries of the log, newest first, in words. The one at the point is chosen: choosing another goes there. */
export function EventList(props: {
  readonly filter: EventFilter;
  readonly onFilter: (filter: EventFilter) => void;
}) {
  const { filter, onFilter } = props;
  const history = useHistory();
  const { timeline, at } = useHistoryView();
  const { seqs, found, isSearching, problem } = useEvents(filter);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: seqs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => EVENT_HEIGHT,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const chosen = eventBefore(seqs, at);
  const place = chosen === null ? -1 : seqs.indexOf(chosen);
  const newest = newestOf(timeline);
  const first = seqs[items[0]?.index ?? 0];
  const last = seqs[items.at(-1)?.index ?? 0];

  useEffect(() => {
    if (found !== null || first === undefined || last === undefined) return;
    // Filtered ones may lie far apart: only those in sight are asked for.
    for (const { index } of items) {
      const seq = seqs[index];
      if (seq !== undefined) history.entries.want({ from: seq, to: seq, newest });
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what is in sight is told by its ends
  }, [history, found, seqs, first, last, newest]);

  // What is new comes above; the list stays where the point is.
  useEffect(() => {
    if (place !== -1) virtual.scrollToIndex(place, { align: 'auto' });
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [place]);

  function onKeyDown(event: KeyboardEvent): void {
    const to =
      event.key === 'ArrowDown'
        ? eventBeside(seqs, at, 'older')
        : event.key === 'ArrowUp'
          ? eventBeside(seqs, at, 'newer')
          : event.key === 'Home'
            ? seqs[0]
            : event.key === 'End'
              ? seqs.at(-1)
              : undefined;
    if (to === undefined) return;
    event.preventDefault();
    if (to !== null) history.goTo(to);
  }

  return (
    <>
      <EventFilters filter={filter} onFilter={onFilter} />
      <output className={classes['count']}>
        {problem !== null
          ? problemOf(problem)
          : isSearching
            ? `Searching, ${countOf(seqs.length, 'change')} so far`
            : isFiltered(filter)
              ? seqs.length === 0
                ? 'No change fits.'
                : countOf(seqs.length, 'change')
              : `${countOf(seqs.length, 'change')} in all`}
      </output>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- its role is spread */}
      <div
        ref={scroller}
        className={classes['scroller']}
        {...LISTBOX}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the list has the focus for what is in it
        tabIndex={0}
        aria-label="Changes"
        aria-activedescendant={chosen === null ? undefined : eventId(chosen)}
        onKeyDown={onKeyDown}
      >
        <div className={classes['rows']} role="presentation" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const seq = seqs[index];
            return (
              seq !== undefined && (
                <EventItem
                  key={seq}
                  seq={seq}
                  place={{ top: start, index, count: seqs.length }}
                  found={found?.get(seq) ?? null}
                  mark={seq !== chosen ? null : seq === at ? 'point' : 'near'}
                />
              )
            );
          })}
        </div>
      </div>
      {seqs.length === 0 && !isSearching && isFiltered(filter) && (
        <p className={classes['empty']}>
          Nothing like this has happened in this quote.{' '}
          <button type="button" className={classes['clear']} onClick={() => onFilter(allEvents)}>
            Show all changes
          </button>
        </p>
      )}
    </>
  );
}

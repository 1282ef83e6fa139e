import { useEffect, useMemo, useState } from 'react';
import type { LoggedEntry } from '../../wire/http-schemas.ts';
import { type EventFilter, eventsIn } from './event-search.ts';
import { newestOf } from './timeline.ts';
import { useHistory, useHistoryView } from './use-history.ts';

export interface Events {
  /** Numbers of entries, newest first. */
  readonly seqs: readonly number[];
  /** What was found in them, where a cell is asked for: only the writes to it. */
  readonly found: ReadonlyMap<number, LoggedEntry> | null;
  readonly isSearching: boolean;
  readonly problem: unknown;
}

interface Search {
  readonly filter: EventFilter;
  readonly found: ReadonlyMap<number, LoggedEntry>;
  readonly upTo: number;
  readonly problem: unknown;
}

/** The events that fit the filter. What the timeline cannot tell is searched for in the log, page by page. */
export function useEvents(filter: EventFilter): Events {
  const { timeline } = useHistoryView();
  const search = useSearch(filter, newestOf(timeline));
  const told = useMemo(() => eventsIn(timeline, filter), [timeline, filter]);
  return useMemo(
    () =>
      filter.cell === null
        ? { seqs: told, found: null, isSearching: false, problem: null }
        : {
            seqs: [...search.found.keys()].toReversed(),
            found: search.found,
            isSearching: search.upTo < newestOf(timeline) && search.problem === null,
            problem: search.problem,
          },
    [filter, told, search, timeline],
  );
}

function useSearch(filter: EventFilter, newest: number): Search {
  const { source } = useHistory();
  const [kept, setSearch] = useState<Search>(() => nothingFound(filter));
  const search = kept.filter === filter ? kept : nothingFound(filter);
  useEffect(() => {
    if (filter.cell === null || search.upTo >= newest || search.problem !== null) return undefined;
    const leaving = new AbortController();
    source.search({ filter, after: search.upTo }, leaving.signal).then(
      ({ entries, next }) => {
        if (leaving.signal.aborted) return;
        const found = new Map(search.found);
        for (const entry of entries) found.set(entry.seq, entry);
        setSearch({ filter, found, upTo: next ?? newest, problem: null });
      },
      (problem: unknown) => {
        if (!leaving.signal.aborted) setSearch({ ...search, problem });
      },
    );
    return () => leaving.abort();
    // A search goes on from where it is; it begins anew with another filter.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [source, filter, newest, search.upTo, search.problem]);
  return search;
}

const nothingFound = (filter: EventFilter): Search => ({ filter, found: new Map(), upTo: 0, problem: null });

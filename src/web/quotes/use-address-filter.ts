import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { type QuoteFilter, addressOf, readFilter } from './quote-filter.ts';

const TYPING_MS = 200;

export interface AddressFilter {
  /** As the address has it. */
  readonly filter: QuoteFilter;
  /** What stands in the search field; the address follows when the typing rests. */
  readonly text: string;
  setText(text: string): void;
  setFilter(filter: QuoteFilter): void;
}

/** The filter in the page's address. Typing replaces the address, so that one "back" leaves the list. */
export function useAddressFilter(): AddressFilter {
  const search = useSearch();
  const [, navigate] = useLocation();
  const filter = useMemo(() => readFilter(search), [search]);
  const [text, setText] = useState(filter.text);
  const written = useRef(filter.text);

  const setFilter = useCallback(
    (next: QuoteFilter) => {
      written.current = next.text;
      setText(next.text);
      navigate(addressOf(next), { replace: true });
    },
    [navigate],
  );

  // Somebody else wrote the address: a link, or the browser's "back".
  useEffect(() => {
    if (filter.text === written.current) return;
    written.current = filter.text;
    setText(filter.text);
  }, [filter.text]);

  useEffect(() => {
    const typed = text.trim();
    if (typed === filter.text || typed === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = typed;
      navigate(addressOf({ ...filter, text: typed }), { replace: true });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, filter, navigate]);

  return { filter, text, setText, setFilter };
}

import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useQuote } from '../use-room.ts';
import { fieldSummary } from './field-summary.ts';

/** The quote's free fields, `x_delivery_time`, in order of their names; the same array until one comes or goes. */
export function useFreeFields(): readonly string[] {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.observe('fields', listener), [quote]);
  const names = useSyncExternalStore(observe, () =>
    Object.keys(quote.snapshot().fields)
      .filter((name) => name.startsWith('x_'))
      .toSorted()
      .join(' '),
  );
  return useMemo(() => (names === '' ? [] : names.split(' ')), [names]);
}

/** The fields in one line; the same text until what it says changes. */
export function useFieldSummary(): string {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.observe('fields', listener), [quote]);
  return useSyncExternalStore(observe, () => fieldSummary(quote.snapshot().fields));
}

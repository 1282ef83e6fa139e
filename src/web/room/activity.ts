import type { QuoteClient } from '../../client/connect-quote.ts';
import type { EntriesEvent } from '../../wire/messages.ts';

export type ActivityEntry = EntriesEvent['entries'][number];

/** What happened in the quote while this page was open, newest first. What came before is in the log, over HTTP. */
export interface Activity {
  /** The same array until another entry comes. */
  entries(): readonly ActivityEntry[];
  /** The quote's newest revision that this page knows of; 0 before it heard of any. */
  newest(): number;
  /** Calls back when either changed. */
  observe(listener: () => void): () => void;
  close(): void;
}

const ENTRIES_KEPT_MAX = 500;

export function createActivity(quote: QuoteClient): Activity {
  const listeners = new Set<() => void>();
  let kept: readonly ActivityEntry[] = [];
  let newest = 0;

  function hear(revision: number): void {
    newest = Math.max(newest, revision);
    for (const listener of [...listeners]) listener();
  }

  const offHello = quote.on('hello', ({ revision }) => hear(revision));
  // What this client brought along itself is in no `entries`, but in the log by then.
  const offRules = quote.on('rules', ({ revision }) => hear(revision));
  const offEntries = quote.on('entries', ({ entries }: EntriesEvent) => {
    kept = [...entries.toReversed(), ...kept].slice(0, ENTRIES_KEPT_MAX);
    hear(kept[0]?.seq ?? 0);
  });
  return {
    entries: () => kept,
    newest: () => newest,
    observe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      offHello();
      offRules();
      offEntries();
    },
  };
}

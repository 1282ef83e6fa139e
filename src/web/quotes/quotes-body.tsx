import { ListFailed, ListProblem, ListSkeleton, NoQuotes, NothingFound } from './list-states.tsx';
import type { QuoteListState } from './quote-list.ts';
import { QuoteTable } from './quote-table.tsx';
import classes from './quotes-page.module.css';

export interface QuotesBodyProps {
  readonly state: QuoteListState;
  readonly isFiltered: boolean;
  /** The row that the keys are on; -1 for none. */
  readonly active: number;
  readonly onOpen: (quoteId: string) => void;
  readonly onMore: () => void;
  readonly onRetry: () => void;
  readonly onClear: () => void;
  readonly onNew: () => void;
  readonly onImport: () => void;
}

/** What the list looks like in each of its states. */
export function QuotesBody(props: QuotesBodyProps) {
  const { state } = props;
  const problem = state.kind === 'ready' ? state.problem : null;
  return (
    <>
      {problem !== null && <ListProblem message={problem} onRetry={props.onRetry} />}
      <div className={classes['body']}>
        <Rows {...props} />
      </div>
    </>
  );
}

function Rows({
  state,
  isFiltered,
  active,
  onOpen,
  onMore,
  onRetry,
  onClear,
  onNew,
  onImport,
}: QuotesBodyProps) {
  if (state.kind === 'loading') return <ListSkeleton />;
  if (state.kind === 'failed') return <ListFailed message={state.message} onRetry={onRetry} />;
  if (state.quotes.length === 0 && state.next === null) {
    // What is shown for another filter says nothing of this one.
    if (state.isStale) return <ListSkeleton />;
    return isFiltered ? <NothingFound onClear={onClear} /> : <NoQuotes onNew={onNew} onImport={onImport} />;
  }
  return (
    <QuoteTable
      quotes={state.quotes}
      hasMore={state.next !== null}
      isStale={state.isStale}
      active={active}
      onOpen={onOpen}
      onNearEnd={onMore}
    />
  );
}

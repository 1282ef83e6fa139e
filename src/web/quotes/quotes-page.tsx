import { Suspense, useCallback, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { DropZone } from '../import/drop-zone.tsx';
import type { ImportSource } from '../import/import-source.ts';
import { useFilePicker } from '../import/use-file-picker.ts';
import { usePastedTable } from '../import/use-pasted-table.ts';
import { type ListAction, moveTo } from './list-keys.ts';
import { ListToolbar } from './list-toolbar.tsx';
import { NO_FILTER, isFiltered } from './quote-filter.ts';
import { QuotesBody } from './quotes-body.tsx';
import classes from './quotes-page.module.css';
import { TopBar } from './top-bar.tsx';
import { useAddressFilter } from './use-address-filter.ts';
import { useListKeys } from './use-list-keys.ts';
import { useQuoteList } from './use-quote-list.ts';
import { lazyPart } from '../app/lazy-part.ts';

const NewQuoteDialog = lazyPart(() => import('./new-quote-dialog.tsx').then((part) => part.NewQuoteDialog));
const ImportDialog = lazyPart(() => import('../import/import-dialog.tsx').then((part) => part.ImportDialog));

type OpenDialog = { readonly kind: 'new' } | { readonly kind: 'import'; readonly source: ImportSource };

/** `/quotes`: the quotes that this person may see, live. */
export function QuotesPage() {
  const { filter, text, setText, setFilter } = useAddressFilter();
  const { list, state } = useQuoteList(filter);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [activeId, setActiveId] = useState<string | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const [, navigate] = useLocation();

  const open = useCallback((quoteId: string) => navigate(`/q/${quoteId}`), [navigate]);
  const close = useCallback(() => setDialog(null), []);
  const takeSource = useCallback((source: ImportSource) => setDialog({ kind: 'import', source }), []);
  const pickFile = useFilePicker(takeSource);
  usePastedTable(takeSource, { isEnabled: dialog === null });

  const quotes = state.kind === 'ready' ? state.quotes : [];
  const active = quotes.findIndex(({ id }) => id === activeId);

  function act(action: ListAction): void {
    if (action === 'search') search.current?.select();
    else if (action === 'new') setDialog({ kind: 'new' });
    else if (action === 'open') openActive();
    else if (action === 'clear') clear();
    else setActiveId(quotes[moveTo(action, active, quotes.length)]?.id ?? null);
  }

  /** The row that the keys are on; from the search field also what is found first. */
  function openActive(): void {
    const quote = quotes[active] ?? (document.activeElement === search.current ? quotes[0] : undefined);
    if (quote !== undefined && text.trim() === filter.text) open(quote.id);
  }

  /** First the search, then the row, then the filters. */
  function clear(): void {
    if (text !== '') setFilter({ ...filter, text: '' });
    else if (active >= 0) setActiveId(null);
    else if (isFiltered(filter)) setFilter(NO_FILTER);
    search.current?.blur();
  }

  useListKeys(act, { search, isEnabled: dialog === null });

  const onNew = (): void => setDialog({ kind: 'new' });
  return (
    <div className={classes['page']}>
      <TopBar text={text} onText={setText} search={search} />
      <main className={classes['main']}>
        <ListToolbar filter={filter} onFilter={setFilter} onNew={onNew} onImport={pickFile} />
        <QuotesBody
          state={state}
          isFiltered={isFiltered(filter)}
          active={active}
          onOpen={open}
          onMore={list.more}
          onRetry={list.reload}
          onClear={() => setFilter(NO_FILTER)}
          onNew={onNew}
          onImport={pickFile}
        />
      </main>
      <DropZone onSource={takeSource} isEnabled={dialog === null} />
      <Suspense fallback={null}>
        {dialog?.kind === 'new' && <NewQuoteDialog onClose={close} onCreated={open} />}
        {dialog?.kind === 'import' && (
          <ImportDialog source={dialog.source} onClose={close} onCreated={open} />
        )}
      </Suspense>
    </div>
  );
}

import { Button } from '@mantine/core';
import { ArrowLeft, Printer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { quoteSchema } from '../../wire/http-schemas.ts';
import { ApiError } from '../api/api.ts';
import { useApi } from '../api/use-api.ts';
import { PageSkeleton } from '../app/page-skeleton.tsx';
import { FailedPage, NoSuchQuotePage, RoomNotice } from '../pages/room-notice.tsx';
import { useDocumentTitle } from '../pages/use-document-title.ts';
import classes from './print-page.module.css';
import { type PrintedQuote, printedQuoteOf } from './printed-quote.ts';
import { QuoteSheet } from './quote-sheet.tsx';

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'quote'; readonly quote: PrintedQuote }
  | { readonly kind: 'failed'; readonly error: unknown };

/** `/q/:id/print`: the quote as the customer gets it, on paper. */
export function PrintPage({ quoteId }: { readonly quoteId: string }) {
  const loaded = useLoadedQuote(quoteId);
  if (loaded.kind === 'loading') return <PageSkeleton />;
  if (loaded.kind === 'failed') return <NotPrinted error={loaded.error} />;
  return <Sheet quoteId={quoteId} quote={loaded.quote} />;
}

function Sheet({ quoteId, quote }: { readonly quoteId: string; readonly quote: PrintedQuote }) {
  const [today] = useState(() => new Date());
  useDocumentTitle(quote.title === '' ? 'Untitled quote' : quote.title);
  return (
    <div className={classes['page']}>
      <header className={classes['bar']}>
        <Button
          component={Link}
          href={`/q/${quoteId}`}
          variant="default"
          leftSection={<ArrowLeft size={14} aria-hidden />}
        >
          Back
        </Button>
        <Button leftSection={<Printer size={14} aria-hidden />} onClick={() => window.print()}>
          Print
        </Button>
      </header>
      <main>
        <QuoteSheet quote={quote} today={today} />
      </main>
    </div>
  );
}

function useLoadedQuote(quoteId: string): Loaded {
  const api = useApi();
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' });
  useEffect(() => {
    const leaving = new AbortController();
    api.get(`/api/quotes/${encodeURIComponent(quoteId)}`, quoteSchema, leaving.signal).then(
      (quote) => setLoaded({ kind: 'quote', quote: printedQuoteOf(quote) }),
      (error: unknown) => {
        const isAnswer = !leaving.signal.aborted && !(error instanceof ApiError && error.status === 401);
        if (isAnswer) setLoaded({ kind: 'failed', error });
      },
    );
    return () => leaving.abort();
  }, [api, quoteId]);
  return loaded;
}

function NotPrinted({ error }: { readonly error: unknown }) {
  const status = error instanceof ApiError ? error.status : null;
  if (status === 404) return <NoSuchQuotePage />;
  if (status === 403) {
    return (
      <RoomNotice view={{ kind: 'forbidden', isRemoval: false, detail: '' }} onRejoin={() => undefined} />
    );
  }
  const message = error instanceof Error ? error.message : 'Reload to try again.';
  return <FailedPage title="The quote could not be loaded" message={message} />;
}

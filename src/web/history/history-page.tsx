import { ArrowLeft, History as HistoryIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { unreachable } from '../../lib/assert.ts';
import { isQuoteId } from '../../lib/ids.ts';
import { ApiError } from '../api/api.ts';
import { ThemeSwitch } from '../app/theme-switch.tsx';
import { FailedPage, NoSuchQuotePage, RoomNotice } from '../pages/room-notice.tsx';
import { RoomSkeleton } from '../pages/room-skeleton.tsx';
import { useDocumentTitle } from '../pages/use-document-title.ts';
import { SumsBar } from '../room/totals/totals-bar.tsx';
import { clockTime } from '../words/time-ago.ts';
import { problemOf } from '../words/problem-of.ts';
import { useNow } from '../words/use-now.ts';
import { type EventFilter, allEvents } from './event-search.ts';
import { FrozenDiscounts, FrozenFields, FrozenNotes } from './frozen-parts.tsx';
import { FrozenGrid } from './frozen-grid.tsx';
import { textOf } from './frozen-quote.ts';
import frozenClasses from './frozen.module.css';
import classes from './history-page.module.css';
import { HistoryPanel } from './history-panel.tsx';
import { RestoreButton } from './restore/restore-button.tsx';
import { SelectedCell } from './selected-cell.tsx';
import { TimeBar } from './time-bar.tsx';
import { pointAt } from './timeline.ts';
import { FrozenContext, useFrozenOf } from './use-frozen.ts';
import { HistoryContext, useHistory, useHistoryView } from './use-history.ts';
import { useHistoryKeys } from './use-history-keys.ts';
import { useOpenHistory } from './use-open-history.ts';
import { VerifiedBadge } from './verified/verified-badge.tsx';
import { VersionBar } from './versions/version-bar.tsx';

/** `/q/:id/history`: the quote at any point of its past, or what stands in the way of it. */
export function HistoryPage({ quoteId }: { readonly quoteId: string }) {
  return isQuoteId(quoteId) ? <OpenedHistory quoteId={quoteId} /> : <NoSuchQuotePage />;
}

function OpenedHistory({ quoteId }: { readonly quoteId: string }) {
  const opened = useOpenHistory(quoteId);
  switch (opened.kind) {
    case 'loading':
      return <RoomSkeleton />;
    case 'failed':
      return <NotShown error={opened.error} />;
    case 'open':
      return (
        <HistoryContext value={opened.history}>
          <Past quoteId={quoteId} />
        </HistoryContext>
      );
    default:
      return unreachable(opened);
  }
}

function Past({ quoteId }: { readonly quoteId: string }) {
  const history = useHistory();
  const { frame, problem } = useHistoryView();
  const [withRemoved, setWithRemoved] = useState(false);
  const [filter, setFilter] = useState<EventFilter>(allEvents);
  const frozen = useFrozenOf(frame, withRemoved);
  useHistoryKeys(history);
  // Whoever was shut out meanwhile sees no more of it.
  if (problem instanceof ApiError && (problem.status === 403 || problem.status === 404))
    return <NotShown error={problem} />;
  return (
    <FrozenContext value={frozen}>
      <div className={classes['page']}>
        <div>
          <Header quoteId={quoteId} />
          <TimeBar />
        </div>
        <div className={classes['body']}>
          <main className={classes['main']}>
            <FrozenFields />
            <FrozenGrid withRemoved={withRemoved} onWithRemoved={setWithRemoved} />
            <div className={frozenClasses['below']}>
              <FrozenDiscounts />
              <FrozenNotes />
            </div>
          </main>
          <HistoryPanel filter={filter} onFilter={setFilter} />
        </div>
        <div>
          <SelectedCell quoteId={quoteId} onOnlyThis={(cell) => setFilter({ ...allEvents, cell })} />
          <SumsBar totals={frame.quote.totals} />
        </div>
      </div>
    </FrozenContext>
  );
}

const WHOLE_QUOTE = { kind: 'quote' } as const;

function Header({ quoteId }: { readonly quoteId: string }) {
  const { frame, timeline, at } = useHistoryView();
  const now = useNow();
  const title = textOf(frame.quote.fields['title']) || 'Untitled quote';
  const point = pointAt(timeline, at);
  useDocumentTitle(`History of ${title}`);
  return (
    <header className={classes['header']}>
      <Link href={`/q/${quoteId}`} className={classes['back'] ?? ''}>
        <ArrowLeft size={16} aria-hidden />
        Back to the quote
      </Link>
      <h1 className={classes['title']}>{title}</h1>
      <span className={classes['pill']} data-pill="history">
        <HistoryIcon size={12} aria-hidden />
        History {point === null ? '' : clockTime(point.at, now)}
      </span>
      <VerifiedBadge quoteId={quoteId} />
      <div className={classes['end']}>
        <RestoreButton quoteId={quoteId} scope={WHOLE_QUOTE} what="the quote" label="Restore…" />
        <VersionBar quoteId={quoteId} />
        <ThemeSwitch />
      </div>
    </header>
  );
}

function NotShown({ error }: { readonly error: unknown }) {
  const status = error instanceof ApiError ? error.status : null;
  if (status === 404) return <NoSuchQuotePage />;
  if (status === 403)
    return (
      <RoomNotice view={{ kind: 'forbidden', isRemoval: false, detail: '' }} onRejoin={() => undefined} />
    );
  return status === 0 ? (
    <Unreachable />
  ) : (
    <FailedPage title="The history could not be loaded" message={problemOf(error)} />
  );
}

/** Nothing of the past is kept on the device. */
function Unreachable() {
  useEffect(() => {
    const reload = (): void => window.location.reload();
    window.addEventListener('online', reload);
    return () => window.removeEventListener('online', reload);
  }, []);
  return (
    <FailedPage
      title="The server cannot be reached"
      message="The history of a quote is kept on the server alone, so it opens once you are online. The quote itself may be on this device."
    />
  );
}

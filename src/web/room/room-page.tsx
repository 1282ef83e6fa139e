import { type ReactNode, Suspense, lazy, useState, useSyncExternalStore } from 'react';
import { isQuoteId } from '../../lib/ids.ts';
import { RoomCommands } from '../commands/room-commands.tsx';
import { LineGrid } from '../grid/line-grid.tsx';
import { NotKeptHint } from '../offline/not-kept-hint.tsx';
import { NoSuchQuotePage, RoomNotice } from '../pages/room-notice.tsx';
import { RoomSkeleton } from '../pages/room-skeleton.tsx';
import { roomViewOf } from '../pages/room-view.ts';
import { StuckPage } from '../pages/stuck-page.tsx';
import { FieldsCard } from './fields/fields-card.tsx';
import { RoomHeader } from './header/room-header.tsx';
import { SidePanel } from './panel/side-panel.tsx';
import classes from './room-page.module.css';
import { TotalsBar } from './totals/totals-bar.tsx';
import { useOpenRoom } from './use-open-room.ts';
import { RoomContext, useMe, useRoom, useSaveState } from './use-room.ts';

// The grid is there first; what stands below it follows.
const Discounts = lazy(() =>
  import('./discounts/discounts.tsx').then((part) => ({ default: part.Discounts })),
);
const Notes = lazy(() => import('./notes/notes.tsx').then((part) => ({ default: part.Notes })));

/** `/q/:id`: the room of one quote, or what is to be said instead. */
export function RoomPage({ quoteId }: { readonly quoteId: string }) {
  const [round, setRound] = useState(0);
  if (!isQuoteId(quoteId)) return <NoSuchQuotePage />;
  return <OpenedRoom key={round} quoteId={quoteId} onReopen={() => setRound(round + 1)} />;
}

function OpenedRoom(props: { readonly quoteId: string; readonly onReopen: () => void }) {
  const room = useOpenRoom(props.quoteId);
  if (room === null) return <RoomSkeleton />;
  return (
    <RoomContext value={room}>
      <RoomOr onReopen={props.onReopen}>
        <RoomCommands>
          <div className={classes['page']}>
            <RoomHeader />
            <div className={classes['body']}>
              <main className={classes['main']}>
                <FieldsCard />
                <LineGrid />
                <div className={classes['below']}>
                  <Suspense fallback={null}>
                    <Discounts />
                    <Notes />
                  </Suspense>
                </div>
              </main>
              <SidePanel />
            </div>
            <TotalsBar />
          </div>
        </RoomCommands>
      </RoomOr>
    </RoomContext>
  );
}

/** The room where there is one to show; what stands in its way otherwise. */
function RoomOr({ children, onReopen }: { readonly children: ReactNode; readonly onReopen: () => void }) {
  const room = useRoom();
  const isFilled = useSyncExternalStore(room.opening.observe, room.opening.isFilled);
  const view = roomViewOf(useSaveState(), { isFilled, wasIn: useMe() !== null });
  switch (view.kind) {
    case 'room':
      return (
        <>
          {children}
          <NotKeptHint keeping={room.keeping} />
        </>
      );
    case 'loading':
      return <RoomSkeleton />;
    case 'stuck':
      return <StuckPage {...view} onFreshCopy={() => room.wipe().finally(onReopen)} />;
    default:
      return <RoomNotice view={view} onRejoin={room.quote.reconnect} />;
  }
}

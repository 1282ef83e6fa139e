import { type ReactNode, Suspense, useState, useSyncExternalStore } from 'react';
import { isQuoteId } from '../../lib/ids.ts';
import { lazyDialog, lazyPart } from '../app/lazy-part.ts';
import { RoomCommands } from '../commands/room-commands.tsx';
import { LineGrid } from '../grid/line-grid.tsx';
import { NotKeptHint } from '../offline/not-kept-hint.tsx';
import { RoomSkeleton } from '../pages/room-skeleton.tsx';
import { type RoomView, roomViewOf } from '../pages/room-view.ts';
import { CellHistory } from './cell-history/cell-history.tsx';
import { FieldsCard } from './fields/fields-card.tsx';
import { RoomHeader } from './header/room-header.tsx';
import { SidePanel } from './panel/side-panel.tsx';
import classes from './room-page.module.css';
import { SessionNotices } from './session/session-notices.tsx';
import { TotalsBar } from './totals/totals-bar.tsx';
import { useOpenRoom } from './use-open-room.ts';
import { RoomContext, useMe, useRoom, useSaveState } from './use-room.ts';

// The grid is there first; what stands below it follows.
const Discounts = lazyPart(() => import('./discounts/discounts.tsx').then((part) => part.Discounts));
const Notes = lazyPart(() => import('./notes/notes.tsx').then((part) => part.Notes));

// Rarely said, and then perhaps without a network.
const RoomNotice = lazyDialog(() => import('../pages/room-notice.tsx').then((part) => part.RoomNotice));
const StuckPage = lazyDialog(() => import('../pages/stuck-page.tsx').then((part) => part.StuckPage));

const NO_SUCH_QUOTE: RoomView = { kind: 'no_such_quote', unsent: 0 };

/** `/q/:id`: the room of one quote, or what is to be said instead. */
export function RoomPage({ quoteId }: { readonly quoteId: string }) {
  const [round, setRound] = useState(0);
  const reopen = (): void => setRound(round + 1);
  if (!isQuoteId(quoteId))
    return (
      <Suspense fallback={null}>
        <RoomNotice view={NO_SUCH_QUOTE} onRejoin={reopen} />
      </Suspense>
    );
  return <OpenedRoom key={round} quoteId={quoteId} onReopen={reopen} />;
}

function OpenedRoom(props: { readonly quoteId: string; readonly onReopen: () => void }) {
  const room = useOpenRoom(props.quoteId);
  if (room === null) return <RoomSkeleton />;
  return (
    <RoomContext value={room}>
      <RoomOr onReopen={props.onReopen}>
        <RoomCommands>
          <CellHistory>
            <div className={classes['page']}>
              <div>
                <RoomHeader />
                <SessionNotices />
              </div>
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
          </CellHistory>
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
      return (
        <Suspense fallback={null}>
          <StuckPage {...view} onFreshCopy={() => room.wipe().finally(onReopen)} />
        </Suspense>
      );
    default:
      return (
        <Suspense fallback={null}>
          <RoomNotice view={view} onRejoin={room.quote.reconnect} />
        </Suspense>
      );
  }
}

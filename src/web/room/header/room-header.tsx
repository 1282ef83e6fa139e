import { ArrowLeft, History, Printer } from 'lucide-react';
import { Suspense } from 'react';
import { Link } from 'wouter';
import { lazyDialog } from '../../app/lazy-part.ts';
import { historyPath } from '../../history/history-address.ts';
import { useQuote } from '../use-room.ts';
import { HeaderTitle } from './header-title.tsx';
import { MarkedChanges } from './marked-changes.tsx';
import { PeopleAvatars } from './people-avatars.tsx';
import { PersonMenu } from './person-menu.tsx';
import { SavePill } from './save-pill.tsx';
import { ShareButton } from '../share/share-button.tsx';
import { StatusMenu } from './status-menu.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { UndoButtons } from './undo-buttons.tsx';
import icons from './icon-button.module.css';
import classes from './room-header.module.css';

const SessionChip = lazyDialog(() => import('../session/session-chip.tsx').then((part) => part.SessionChip));

/** The top of the room: which quote, how it stands, whether work is safe, who is here. */
export function RoomHeader() {
  const { quoteId } = useQuote();
  return (
    <header className={classes['header']}>
      <Link href="/quotes" className={icons['button']} aria-label="All quotes" title="All quotes">
        <ArrowLeft size={18} aria-hidden="true" />
      </Link>
      <HeaderTitle />
      <StatusMenu />
      <SavePill />
      <MarkedChanges />
      <Suspense fallback={null}>
        <SessionChip />
      </Suspense>
      <div className={classes['right']}>
        <UndoButtons />
        <PeopleAvatars />
        <ShareButton />
        <Link
          href={historyPath(quoteId)}
          className={`${icons['button']} ${classes['wide']}`}
          aria-label="History"
          title="History"
        >
          <History size={16} aria-hidden="true" />
        </Link>
        <Link
          href={`/q/${quoteId}/print`}
          className={`${icons['button']} ${classes['wide']}`}
          aria-label="Print view"
          title="Print view"
        >
          <Printer size={16} aria-hidden="true" />
        </Link>
        <ThemeSwitch className={classes['wide']} />
        <PersonMenu />
      </div>
    </header>
  );
}

import { Suspense, useState } from 'react';
import { mayManage } from '../../../authority/role.ts';
import { lazyDialog } from '../../app/lazy-part.ts';
import { useRegisterCommands } from '../../commands/use-commands.ts';
import { useMe, useSession } from '../use-room.ts';

const EndsBanner = lazyDialog(() => import('./session-banners.tsx').then((part) => part.EndsBanner));
const PenBanner = lazyDialog(() => import('./session-banners.tsx').then((part) => part.PenBanner));
const EndSessionDialog = lazyDialog(() =>
  import('./end-session-dialog.tsx').then((part) => part.EndSessionDialog),
);

/** What is to be said of the session above the quote, while there is something; and for hosts, how to end it. */
export function SessionNotices() {
  const endsAt = useSession()?.endsAt ?? null;
  const me = useMe();
  const penWith = me?.penWith ?? null;
  const [isEnding, setEnding] = useState(false);
  const mayEnd = me !== null && mayManage({ role: me.user.role, permission: me.permission });
  useRegisterCommands(
    mayEnd
      ? [
          {
            id: 'end-session',
            title: 'End the session for everyone',
            group: 'Quote',
            words: 'close stop leave room',
            run: () => setEnding(true),
          },
        ]
      : [],
  );
  return (
    <Suspense fallback={null}>
      {penWith !== null && <PenBanner name={penWith.name} />}
      {endsAt !== null && <EndsBanner endsAt={endsAt} />}
      {isEnding && <EndSessionDialog onClose={() => setEnding(false)} />}
    </Suspense>
  );
}

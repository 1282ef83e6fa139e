import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { connectQuote } from '../../../client/connect-quote.ts';
import type { RestoreScope } from '../../../quote/plan-restore.ts';
import type { Snapshot } from '../../../quote/snapshot.ts';
import { rowNameIn } from '../../room/panel/use-row-name.ts';
import { usePerson, useSignIn } from '../../sign-in/use-sign-in.ts';
import type { History } from '../history-store.ts';
import { useHistory } from '../use-history.ts';
import type { Describing } from '../../room/panel/feed-line.ts';
import type { RestoreAsked } from './restore-asked.ts';
import { type Restoring, type RestoringView, createRestoring } from './restoring.ts';

/** What the dialog shows and does. */
export interface RestoringHere {
  readonly view: RestoringView;
  readonly describing: Describing;
  preview(): void;
  carryOut(): void;
}

interface Opened {
  readonly restoring: Restoring;
  readonly describing: Describing;
  close(): void;
}

const OPENING: RestoringView = { kind: 'opening', isOffline: false };

/** Opens a live client of its own for as long as the dialog is there: nothing of it is kept on the device. */
export function useRestoring(quoteId: string, { past, scope }: RestoreAsked): RestoringHere {
  const history = useHistory();
  const signIn = useSignIn();
  const { token } = usePerson();
  const [opened, setOpened] = useState<Opened | null>(null);

  useEffect(() => {
    let isLeft = false;
    const opening = openRestoring({ quoteId, token, past, scope, history, onSignInEnded: signIn.expire });
    void opening.then((here) => {
      if (!isLeft) setOpened(here);
    });
    return () => {
      isLeft = true;
      setOpened(null);
      void opening.then(({ close }) => close());
    };
  }, [quoteId, token, signIn, past, scope, history]);

  const restoring = opened?.restoring ?? null;
  const observe = useCallback(
    (listener: () => void) => restoring?.observe(listener) ?? (() => undefined),
    [restoring],
  );
  const view = useSyncExternalStore(observe, () => restoring?.view() ?? OPENING);
  const isDone = view.kind === 'done';
  // The new entry is the next one of the history.
  useEffect(() => {
    if (isDone) void history.refresh();
  }, [history, isDone]);
  return {
    view,
    describing: opened?.describing ?? history,
    preview: () => restoring?.preview(),
    carryOut: () => restoring?.carryOut(),
  };
}

/** Async, as all that is opened here: what it gives is shown once it is there. */
async function openRestoring(options: {
  readonly quoteId: string;
  readonly token: string;
  readonly past: Snapshot;
  readonly scope: RestoreScope;
  readonly history: History;
  readonly onSignInEnded: (token: string) => void;
}): Promise<Opened> {
  const { quoteId, token, past, scope, history, onSignInEnded } = options;
  const quote = connectQuote({ url: window.location.origin, quoteId, token, entries: true });
  const restoring = createRestoring(quote, { past, scope });
  quote.on('closed', ({ kind }) => {
    if (kind === 'unauthenticated') onSignInEnded(token);
  });
  return {
    restoring,
    describing: { rowName: (root, row) => rowNameIn(quote, root, row) ?? history.rowName(root, row) },
    close() {
      restoring.close();
      quote.destroy();
    },
  };
}

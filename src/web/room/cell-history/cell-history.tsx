import { type ReactNode, Suspense, useState } from 'react';
import { lazyDialog } from '../../app/lazy-part.ts';
import { useCommands, useRegisterCommands } from '../../commands/use-commands.ts';
import { useQuote } from '../use-room.ts';
import { cellWithFocus } from './cell-here.ts';
import { CellHistoryContext } from './use-cell-history.ts';

const CellHistoryDialog = lazyDialog(() =>
  import('./cell-history-dialog.tsx').then((part) => part.CellHistoryDialog),
);

/** "Who changed this?", of the cell that this person is in, or of any that a part of the room asks about. */
export function CellHistory({ children }: { readonly children: ReactNode }) {
  const { presence } = useQuote();
  const { tell } = useCommands();
  const [cell, setCell] = useState<string | null>(null);
  useRegisterCommands([
    {
      id: 'cell-history',
      title: 'Who changed this cell?',
      group: 'View',
      keys: ['Mod+I'],
      words: 'history blame author past of this value',
      run() {
        // The text of a note has no frame of its own.
        const here = cellWithFocus(document) ?? presence.own().cell ?? null;
        if (here === null) tell('Go to a cell first, then ask who changed it.');
        else setCell(here);
      },
    },
  ]);
  return (
    <CellHistoryContext value={setCell}>
      {children}
      {cell !== null && (
        <Suspense fallback={null}>
          <CellHistoryDialog cell={cell} onClose={() => setCell(null)} />
        </Suspense>
      )}
    </CellHistoryContext>
  );
}

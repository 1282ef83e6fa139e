import { useLocation } from 'wouter';
import type { UndoOutcome } from '../../client/connect-quote.ts';
import { decimalSignOfLocale } from '../grid/clipboard/decimal-sign.ts';
import { historyPath } from '../history/history-address.ts';
import { shareAddress } from '../room/share/share-address.ts';
import { skippedWords } from '../room/header/skipped-words.ts';
import { useCellName } from '../room/panel/use-row-name.ts';
import { useQuote } from '../room/use-room.ts';
import { useSignOut } from '../sign-in/sign-out.tsx';
import { useScheme } from '../styles/use-scheme.ts';
import type { Command } from './commands.ts';
import { copyText } from './copy-text.ts';
import { csvFileName, linesAsCsv } from './lines-csv.ts';
import { saveFile } from './save-file.ts';
import { useCommands, useRegisterCommands } from './use-commands.ts';

/** The commands that belong to no single part of the room. */
export function useRoomCommands(): void {
  const quote = useQuote();
  const { openPalette, openShortcuts, tell } = useCommands();
  const signOut = useSignOut();
  const [, navigate] = useLocation();
  const scheme = useScheme();
  const cellName = useCellName();

  /** What an undo leaves alone is nowhere to be seen. */
  function tellSkipped(outcome: UndoOutcome): void {
    const words = outcome.kind === 'cells' ? skippedWords(outcome.skipped.map(cellName)) : null;
    if (words !== null) tell(words);
  }

  async function copyLink(): Promise<void> {
    const isCopied = await copyText(shareAddress(window.location.href));
    tell(
      isCopied
        ? 'Link copied.'
        : 'The browser does not allow copying here. Copy the address at the top instead.',
    );
  }

  function exportCsv(): void {
    const snapshot = quote.snapshot();
    const name = csvFileName(snapshot.fields['title'] ?? null);
    saveFile(name, 'text/csv;charset=utf-8', linesAsCsv(snapshot, decimalSignOfLocale()));
    tell(`Saved as ${name}.`);
  }

  const commands: readonly Command[] = [
    {
      id: 'undo',
      title: 'Undo',
      group: 'Edit',
      keys: ['Mod+Z'],
      isEnabled: quote.canUndo,
      run: () => tellSkipped(quote.undo()),
    },
    {
      id: 'redo',
      title: 'Redo',
      group: 'Edit',
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      isEnabled: quote.canRedo,
      run: () => tellSkipped(quote.redo()),
    },
    {
      id: 'copy-link',
      title: 'Copy a link to this quote',
      group: 'Quote',
      words: 'share url',
      run: () => void copyLink(),
    },
    {
      id: 'print',
      title: 'Print view',
      group: 'Quote',
      words: 'pdf paper',
      run: () => navigate(`/q/${quote.quoteId}/print`),
    },
    {
      id: 'history',
      title: 'History of this quote',
      group: 'Quote',
      words: 'time travel past versions compare restore who changed',
      run: () => navigate(historyPath(quote.quoteId)),
    },
    {
      id: 'export-csv',
      title: 'Export the lines as CSV',
      group: 'Quote',
      keys: ['Mod+Shift+E'],
      words: 'excel download spreadsheet',
      run: exportCsv,
    },
    {
      id: 'theme',
      title: scheme.title,
      group: 'View',
      words: 'mode colors',
      run: scheme.change,
    },
    {
      id: 'quotes',
      title: 'All quotes',
      group: 'View',
      words: 'list back home',
      run: () => navigate('/quotes'),
    },
    {
      id: 'palette',
      title: 'Find a command or a line',
      group: 'Help',
      keys: ['Mod+K'],
      words: 'go to search',
      run: openPalette,
    },
    {
      id: 'shortcuts',
      title: 'Keyboard shortcuts',
      group: 'Help',
      keys: ['?', 'Mod+/'],
      words: 'keys',
      run: openShortcuts,
    },
    { id: 'sign-out', title: 'Sign out', group: 'Help', words: 'leave log out', run: signOut },
  ];
  useRegisterCommands(commands);
}

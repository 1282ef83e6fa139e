import { useMemo, useSyncExternalStore } from 'react';
import type { QuoteClient } from '../../../client/connect-quote.ts';
import { type NoteRow, readSnapshot } from '../../../quote/snapshot.ts';
import { useQuote } from '../use-room.ts';
import { type NoteLine, type TextRun, readNoteLines } from './note-lines.ts';
import { createReading } from './reading.ts';

/** The text of one note, to read; renders at its changes only. */
export function useNoteLines(note: string): readonly NoteLine[] {
  const quote = useQuote();
  const text = useMemo(() => createNoteLines(quote, note), [quote, note]);
  return useSyncExternalStore(text.observe, text.read);
}

const createNoteLines = (quote: Pick<QuoteClient, 'noteText' | 'observe'>, note: string) =>
  createReading(
    () => readNoteLines(quote.noteText(note).toDelta() as TextRun[]),
    (listener) => quote.observe(`notes/${note}`, listener),
  );

/** Notes that were removed and can be brought back; renders when notes come or go. */
export function useRemovedNotes(): readonly NoteRow[] {
  const quote = useQuote();
  const removed = useMemo(() => createRemovedNotes(quote), [quote]);
  return useSyncExternalStore(removed.observe, removed.read);
}

const createRemovedNotes = (quote: Pick<QuoteClient, 'doc' | 'observe'>) =>
  createReading(
    () => readSnapshot(quote.doc, { removed: true }).notes.filter(({ cells }) => cells['removed'] === true),
    (listener) => quote.observe('notes', listener),
  );

import type * as Y from 'yjs';
import { assert, present } from '../lib/assert.ts';
import type { CellId } from '../lib/ids.ts';
import { type CellValue, noteRootName, parseCellId } from './cell.ts';
import type { NewQuoteContent } from './new-quote.ts';

/** Typed cells over a quote's `Y.Doc`. Nothing is checked here: writes are checked before, and refused by the gate. */

/** What stands in a cell; null if it is empty, or holds what no cell can hold. */
export function readCell(doc: Y.Doc, cellId: CellId): CellValue {
  const cell = present(parseCellId(cellId), 'a cell id has the form of one');
  const value = doc.getMap(cell.root).get(cell.key);
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** Writes one cell; null empties it. The key stays, since nothing is ever deleted. */
export function writeCell(doc: Y.Doc, cellId: CellId, value: CellValue): void {
  const cell = present(parseCellId(cellId), 'a cell id has the form of one');
  doc.getMap(cell.root).set(cell.key, value);
}

/** Writes a whole new quote into an empty document, in one transaction. */
export function writeNewQuote(doc: Y.Doc, { cells, texts }: NewQuoteContent): void {
  assert(doc.store.clients.size === 0, 'a new quote is written into an empty document');
  doc.transact(() => {
    for (const { cell, value } of cells) writeCell(doc, cell, value);
    for (const { note, text } of texts) doc.getText(noteRootName(note)).insert(0, text);
  });
}

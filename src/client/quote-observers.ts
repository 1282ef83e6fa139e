import * as Y from 'yjs';
import { ROOTS, parseCellId, parseNoteRootName, rowOf } from '../quote/cell.ts';

/**
 * Tells who watches a cell that it changed, without reading the quote again: Yjs says which keys of which map a
 * transaction touched, and a table of listeners by name does the rest. Listeners run after the transaction, once each, in
 * the order in which they came (so that caches, made first, are fresh for all others); a touched cell may
 * still hold an equal value.
 */
export interface QuoteObservers {
  /**
   * Watches, until the returned function is called, one of
   * - a cell: `lineItems/l1/quantity`, `fields/title`
   * - a row: `lineItems/l1`, any of its cells; `notes/n1` also its text
   * - the rows of a root: `lineItems`, when they come, go or move; `fields`: any of them
   * - `all`: anything in the quote
   */
  observe(target: string, listener: () => void): () => void;
  /** Stops listening to the document. */
  close(): void;
}

export function createQuoteObservers(doc: Y.Doc): QuoteObservers {
  const listeners = new Map<string, Set<Listener>>();
  let added = 0;
  const rootOf = new Map<unknown, string>(ROOTS.map((root) => [doc.getMap(root), root]));

  const onTransaction = ({ changed }: Y.Transaction): void => {
    if (listeners.size === 0) return;
    const called = [...touchedTargets(changed)].flatMap((target) => [...(listeners.get(target) ?? [])]);
    for (const { call } of called.toSorted((a, b) => a.order - b.order)) call();
  };

  function touchedTargets(changed: Y.Transaction['changed']): Set<string> {
    const touched = new Set<string>();
    for (const [type, keys] of changed) {
      const root = rootOf.get(type);
      if (root === undefined) {
        const note = noteOf(type);
        if (note !== null) touched.add('all').add(`notes/${note}`);
        continue;
      }
      touched.add('all');
      for (const key of keys) addTargetsOf(`${root}/${key}`, touched);
    }
    return touched;
  }

  doc.on('afterTransaction', onTransaction);
  return {
    observe(target, listener) {
      added += 1;
      const own = { order: added, call: listener };
      const ofTarget = listeners.get(target) ?? new Set();
      listeners.set(target, ofTarget.add(own));
      return () => {
        ofTarget.delete(own);
        if (ofTarget.size === 0 && listeners.get(target) === ofTarget) listeners.delete(target);
      };
    },
    close() {
      doc.off('afterTransaction', onTransaction);
      listeners.clear();
    },
  };
}

interface Listener {
  readonly order: number;
  readonly call: () => void;
}

function addTargetsOf(cellId: string, touched: Set<string>): void {
  const cell = parseCellId(cellId);
  if (cell === null) return;
  touched.add(cellId);
  const row = rowOf(cell);
  if (row === null) touched.add(cell.root);
  else touched.add(row);
  if (cell.column === 'position' || cell.column === 'removed') touched.add(cell.root);
}

/** The note whose text this is, or null. Texts are roots; anything nested is not of ours. */
function noteOf(type: Parameters<typeof Y.findRootTypeKey>[0]): string | null {
  return type.parent === null ? parseNoteRootName(Y.findRootTypeKey(type)) : null;
}

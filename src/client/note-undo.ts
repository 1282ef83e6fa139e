import * as Y from 'yjs';
import { noteRootName } from '../quote/cell.ts';

/**
 * Undo inside the text of notes: one Y.UndoManager a note. It takes what this client typed, through whatever
 * editor, and nothing that came from elsewhere; quick typing is one step. The order among notes and cells is the business
 * of `undo-history.ts`, so a manager never takes more than one step at a time, even where that step
 * no longer changes anything.
 */
export interface NoteUndo {
  /** The note's text; from now on typing in it can be undone. */
  text(note: string): Y.Text;
  /** Takes back, or does again, the newest step in this note. Says whether the text changed. */
  take(note: string, direction: 'undo' | 'redo'): boolean;
  /** What is typed next is a step of its own, in all notes but this one. */
  endTyping(except: string | null): void;
  forgetRedo(): void;
  forgetOldest(note: string): void;
  /** Stops listening to the document. */
  close(): void;
}

/** `onStep` hears of each new step, not of those that `take` makes. */
export function createNoteUndo(doc: Y.Doc, onStep: (note: string) => void): NoteUndo {
  const managers = new Map<string, Y.UndoManager>();

  function track(note: string, text: Y.Text): void {
    const manager = new Y.UndoManager(text, {
      trackedOrigins: anyOrigin(),
      captureTransaction: (transaction) => transaction.local,
    });
    manager.on('stack-item-added', ({ origin }) => {
      if (origin !== manager) onStep(note);
    });
    managers.set(note, manager);
  }

  return {
    text(note) {
      const text = doc.getText(noteRootName(note));
      if (!managers.has(note)) track(note, text);
      return text;
    },
    take(note, direction) {
      const manager = managers.get(note);
      if (manager === undefined) return false;
      return direction === 'undo' ? undoOne(manager) : redoOne(manager);
    },
    endTyping(except) {
      for (const [note, manager] of managers) {
        if (note !== except) manager.stopCapturing();
      }
    },
    forgetRedo() {
      for (const manager of managers.values()) manager.clear(false, true);
    },
    forgetOldest(note) {
      managers.get(note)?.undoStack.shift();
    },
    close() {
      for (const manager of managers.values()) manager.destroy();
      managers.clear();
    },
  };
}

/** Editors write with origins of their own; what counts is that a transaction is local. */
const anyOrigin = (): Set<unknown> => Object.assign(new Set(), { has: () => true });

/** `undo()` alone would go on to older steps where the newest changes nothing, so it is shown that one only. */
function undoOne(manager: Y.UndoManager): boolean {
  const older = manager.undoStack.slice(0, -1);
  manager.undoStack = manager.undoStack.slice(-1);
  const hasChanged = manager.undo() !== null;
  manager.undoStack = older;
  return hasChanged;
}

function redoOne(manager: Y.UndoManager): boolean {
  const older = manager.redoStack.slice(0, -1);
  manager.redoStack = manager.redoStack.slice(-1);
  const hasChanged = manager.redo() !== null;
  manager.redoStack = older;
  return hasChanged;
}

import Quill from 'quill/core.js';
import Bold from 'quill/formats/bold.js';
import Italic from 'quill/formats/italic.js';
import List from 'quill/formats/list.js';
import Strike from 'quill/formats/strike.js';
import Underline from 'quill/formats/underline.js';
import cursors from 'quill-cursors/core';
import { QuillBinding } from 'y-quill';
import type { QuoteClient } from '../../../client/connect-quote.ts';
import { caretsIn } from './note-carets.ts';
import { NOTE_FORMATS, type NoteFormatsOn, readFormatsOn } from './note-formats.ts';
import { takingAnyText } from './quill-for-any-text.ts';

/** A note's text under the hands of its writers: Quill, bound to the document, with the carets of the others. */
export interface NoteEditor {
  toggle(format: 'bold' | 'italic' | 'underline' | 'strike'): void;
  toggleList(list: 'bullet' | 'ordered'): void;
  close(): void;
}

let isRegistered = false;

/** Quill keeps its parts in one place for the whole page. */
function registerParts(): void {
  if (isRegistered) return;
  isRegistered = true;
  Quill.register({
    'formats/bold': Bold,
    'formats/italic': Italic,
    'formats/underline': Underline,
    'formats/strike': Strike,
    'formats/list': List,
    'modules/cursors': cursors.default,
  });
}

export interface NoteEditorDeps {
  readonly container: HTMLElement;
  readonly quote: Pick<QuoteClient, 'noteText' | 'awareness' | 'undo' | 'redo'>;
  readonly note: string;
  /** For whoever does not see it. */
  readonly label: string;
  readonly onFormats: (formats: NoteFormatsOn) => void;
}

export function createNoteEditor({ container, quote, note, label, onFormats }: NoteEditorDeps): NoteEditor {
  registerParts();
  const { awareness } = quote;
  const element = document.createElement('div');
  container.append(element);
  const quill = new Quill(element, {
    placeholder: 'Write a note',
    formats: [...NOTE_FORMATS],
    modules: {
      cursors: { transformOnTextChange: true, hideDelayMs: 2_000 },
      history: { maxStack: 0 },
      // Tab leaves the editor, as everywhere on the page.
      keyboard: { bindings: { tab: null, indent: null, outdent: null, 'remove tab': null } },
    },
  });
  // The browser's own menu; keys are caught by whoever shows the editor. Undo belongs to the quote as a whole.
  Object.assign(quill.history, { undo: quote.undo, redo: quote.redo });
  quill.root.setAttribute('role', 'textbox');
  quill.root.setAttribute('aria-multiline', 'true');
  quill.root.setAttribute('aria-label', label);

  const binding = new QuillBinding(quote.noteText(note), takingAnyText(quill), caretsIn(note, awareness));
  const tellFormats = (): void => {
    const selection = quill.getSelection();
    if (selection !== null) onFormats(readFormatsOn(quill.getFormat(selection)));
  };
  quill.on('editor-change', tellFormats);
  quill.setSelection(quill.getLength(), 0, 'user');
  container.scrollIntoView({ block: 'nearest' });

  return {
    toggle(format) {
      const selection = quill.getSelection(true);
      quill.format(format, quill.getFormat(selection)[format] !== true, 'user');
    },
    toggleList(list) {
      const selection = quill.getSelection(true);
      quill.format('list', quill.getFormat(selection)['list'] === list ? false : list, 'user');
    },
    close() {
      quill.off('editor-change', tellFormats);
      binding.destroy();
      awareness.setLocalStateField('cursor', null);
      element.remove();
      container.replaceChildren();
    },
  };
}

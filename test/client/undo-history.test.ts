import { afterEach, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { readCellValue, writeCells } from '../../src/client/cell-store.ts';
import { createUndoHistory } from '../../src/client/undo-history.ts';
import type { CellValue } from '../../src/quote/cell.ts';

afterEach(() => vi.useRealTimers());

function createQuote() {
  const doc = new Y.Doc();
  const changes: boolean[] = [];
  const history = createUndoHistory(doc, () => changes.push(true));
  return {
    doc,
    history,
    changes,
    read: (cell: string) => readCellValue(doc, cell),
    set(cell: string, value: CellValue): void {
      const written = writeCells(doc, [{ cell, value }]);
      if (written.ok) history.recordCells(written.value);
    },
    /** Somebody else's change arrives. */
    remote(change: (theirs: Y.Doc) => void): void {
      const theirs = new Y.Doc();
      Y.applyUpdate(theirs, Y.encodeStateAsUpdate(doc));
      change(theirs);
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs), 'remote');
    },
  };
}

describe('one order of time over cells and notes', () => {
  test('takes back text and cells, newest first, and does them again', () => {
    const quote = createQuote();
    const text = quote.history.noteText('n1');
    text.insert(0, 'one ');
    quote.set('fields/title', 'Title');
    text.insert(4, 'two');
    expect(quote.history.take('undo')).toEqual({ kind: 'note', note: 'n1', changed: true });
    expect(text.toString()).toBe('one ');
    expect(quote.history.take('undo')).toEqual({ kind: 'cells', written: ['fields/title'], skipped: [] });
    expect(quote.read('fields/title')).toBe(null);
    quote.history.take('undo');
    expect(text.toString()).toBe('');
    for (let step = 0; step < 3; step += 1) quote.history.take('redo');
    expect([text.toString(), quote.read('fields/title')]).toEqual(['one two', 'Title']);
    expect(quote.history.take('redo')).toMatchObject({ kind: 'nothing' });
  });

  test('quick typing in one note is one step, two notes are two', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const quote = createQuote();
    quote.history.noteText('n1').insert(0, 'a');
    quote.history.noteText('n1').insert(1, 'b');
    quote.history.noteText('n2').insert(0, 'c');
    quote.history.noteText('n1').insert(2, 'd');
    quote.history.take('undo');
    expect(quote.history.noteText('n1').toString()).toBe('ab');
    quote.history.take('undo');
    quote.history.take('undo');
    expect(quote.history.can('undo')).toBe(false);
  });

  test('a note step that others have wiped out takes no older step with it', () => {
    const quote = createQuote();
    const text = quote.history.noteText('n1');
    text.insert(0, 'old');
    quote.set('fields/title', 'Title');
    text.insert(3, ' new');
    quote.remote((theirs) => theirs.getText('note/n1').delete(3, 4));
    expect(quote.history.take('undo')).toEqual({ kind: 'note', note: 'n1', changed: false });
    expect(text.toString()).toBe('old');
    quote.history.take('undo');
    quote.history.take('undo');
    expect([text.toString(), quote.read('fields/title')]).toEqual(['', null]);
  });

  test('typing by an editor with an origin of its own counts, what others type does not', () => {
    const quote = createQuote();
    const text = quote.history.noteText('n1');
    quote.doc.transact(() => text.insert(0, 'mine'), { editor: true });
    quote.remote((theirs) => theirs.getText('note/n1').insert(4, ' and theirs'));
    quote.history.take('undo');
    expect(text.toString()).toBe(' and theirs');
    expect(quote.history.can('undo')).toBe(false);
  });

  test('a new edit anywhere leaves nothing to redo', () => {
    const quote = createQuote();
    const text = quote.history.noteText('n1');
    text.insert(0, 'one');
    quote.history.take('undo');
    quote.set('fields/title', 'Title');
    expect(quote.history.can('redo')).toBe(false);
    quote.history.take('undo');
    quote.history.noteText('n2').insert(0, 'two');
    expect(quote.history.take('redo')).toMatchObject({ kind: 'nothing' });
    expect(text.toString()).toBe('');
  });
});

test('a first status is taken back to draft, which an empty one reads as', () => {
  const quote = createQuote();
  quote.set('fields/status', 'in_review');
  quote.history.take('undo');
  expect(quote.read('fields/status')).toBe('draft');
});

test('a cell that cannot be emptied again is skipped', () => {
  const quote = createQuote();
  quote.set('lineItems/l1/position', 'a0');
  expect(quote.history.take('undo')).toEqual({
    kind: 'cells',
    written: [],
    skipped: ['lineItems/l1/position'],
  });
  expect(quote.read('lineItems/l1/position')).toBe('a0');
});

test('a refusal that concerns no step is no change', () => {
  const quote = createQuote();
  quote.set('fields/title', 'Title');
  const before = quote.changes.length;
  quote.history.forgetRefused([{ cell: 'fields/owner', reason: 'not_permitted', kept: null, offered: 'Bo' }]);
  expect(quote.changes).toHaveLength(before);
  quote.history.forgetRefused([
    { cell: 'fields/title', reason: 'not_permitted', kept: null, offered: 'Title' },
  ]);
  expect(quote.history.can('undo')).toBe(false);
});

describe('cells and texts of notes written together', () => {
  function setTogether(quote: ReturnType<typeof createQuote>, title: string, text: string): void {
    const body = quote.history.noteText('n1');
    quote.history.recordTogether(() =>
      quote.doc.transact(() => {
        const written = writeCells(quote.doc, [{ cell: 'fields/title', value: title }]);
        body.delete(0, body.length);
        body.insert(0, text);
        return written.ok ? written.value : [];
      }),
    );
  }

  test('are one step, apart from what was typed right before and after', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const quote = createQuote();
    const text = quote.history.noteText('n1');
    const state = (): unknown => [quote.read('fields/title'), text.toString()];
    text.insert(0, 'typed');
    setTogether(quote, 'Old', 'put back');
    text.insert(8, '!');
    quote.history.take('undo');
    expect(state()).toEqual(['Old', 'put back']);
    expect(quote.history.take('undo')).toEqual({
      kind: 'cells',
      written: ['fields/title'],
      skipped: [],
      notes: ['n1'],
    });
    expect(state()).toEqual([null, 'typed']);
    quote.history.take('undo');
    expect(state()).toEqual([null, '']);
    for (let step = 0; step < 3; step += 1) quote.history.take('redo');
    expect(state()).toEqual(['Old', 'put back!']);
  });

  test('text is taken back where the cell was refused or changed by others', () => {
    const quote = createQuote();
    setTogether(quote, 'Old', 'put back');
    quote.remote((theirs) => theirs.getMap('fields').set('title', 'Theirs'));
    quote.history.forgetRefused([
      { cell: 'fields/title', reason: 'authority_overridden', kept: 'Theirs', offered: 'Old' },
    ]);
    expect(quote.history.take('undo')).toMatchObject({ written: [], skipped: [], notes: ['n1'] });
    expect([quote.read('fields/title'), quote.history.noteText('n1').toString()]).toEqual(['Theirs', '']);
    expect(quote.history.take('redo')).toMatchObject({ notes: ['n1'] });
    expect(quote.history.noteText('n1').toString()).toBe('put back');
  });

  test('where nothing changed there is no step', () => {
    const quote = createQuote();
    quote.history.recordTogether(() => []);
    expect(quote.history.can('undo')).toBe(false);
  });
});

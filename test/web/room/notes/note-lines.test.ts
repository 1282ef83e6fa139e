import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { numberLines, readNoteLines } from '../../../../src/web/room/notes/note-lines.ts';

it('reads lines with the format of their break, and pieces with theirs', () => {
  const text = new Y.Doc().getText('note/n1');
  text.applyDelta([
    { insert: 'Plain ' },
    { insert: 'bold', attributes: { bold: true } },
    { insert: '\none' },
    { insert: '\n', attributes: { list: 'ordered' } },
    { insert: 'two' },
    { insert: '\n', attributes: { list: 'ordered' } },
    { insert: '\ndot' },
    { insert: '\n', attributes: { list: 'bullet' } },
    { insert: 'end\n\n' },
  ]);
  const lines = readNoteLines(text.toDelta() as Parameters<typeof readNoteLines>[0]);
  expect(lines.map(({ list, pieces }) => [list, pieces.map((piece) => piece.text).join('|')])).toEqual([
    [null, 'Plain |bold'],
    ['ordered', 'one'],
    ['ordered', 'two'],
    [null, ''],
    ['bullet', 'dot'],
    [null, 'end'],
  ]);
  expect(lines[0]?.pieces.map(({ bold }) => bold)).toEqual([false, true]);
  expect(numberLines(lines)).toEqual([null, 1, 2, null, null, null]);
});

it('leaves markup as text, and ignores what is no text or a format of ours', () => {
  const html = '<img src=x onerror=alert(1)>';
  const lines = readNoteLines([
    { insert: html, attributes: { link: 'javascript:alert(1)', bold: 'yes' } },
    { insert: { image: 'x' } },
    { insert: '\n', attributes: { list: '<b>' } },
  ]);
  expect(lines).toEqual([
    { list: null, pieces: [{ text: html, bold: false, italic: false, underline: false, strike: false }] },
  ]);
});

it('has no lines where nothing is written', () => {
  expect(readNoteLines([])).toEqual([]);
  expect(readNoteLines([{ insert: '\n\n' }])).toEqual([]);
});

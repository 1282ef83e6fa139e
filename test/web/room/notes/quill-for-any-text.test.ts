import type Quill from 'quill/core.js';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import type { TextRun } from '../../../../src/web/room/notes/note-lines.ts';
import { takingAnyText } from '../../../../src/web/room/notes/quill-for-any-text.ts';

/** What Quill is given to show. */
function shown(runs: readonly unknown[]): TextRun[] {
  const given: TextRun[] = [];
  const note = (taken: TextRun[]): void => void given.push(...taken);
  const quill = takingAnyText({ setContents: note, updateContents: note } as unknown as Quill);
  quill.setContents(runs as [], 'api');
  const set = given.splice(0);
  quill.updateContents(runs as [], 'api');
  expect(given).toEqual(set);
  return set;
}

it('gives what a note can be as it is', () => {
  const runs = [
    { retain: 3 },
    { insert: 'Hello', attributes: { bold: true, italic: false, list: null } },
    { insert: '\n', attributes: { list: 'ordered' } },
    { retain: 1, attributes: { italic: null } },
    { delete: 2 },
  ];
  expect(shown(runs)).toEqual(runs);
});

it("leaves out formats with the names of Quill's own parts, and all others that it does not show", () => {
  for (const name of ['cursor', 'text', 'break', 'scroll', 'list-container', 'link', 'constructor']) {
    expect(shown([{ insert: 'x', attributes: { [name]: true, bold: true } }])).toEqual([
      { insert: 'x', attributes: { bold: true } },
    ]);
  }
});

it('takes a format away whose value is none', () => {
  expect(shown([{ retain: 1, attributes: { list: '" onclick="', bold: { a: 1 } } }])).toEqual([
    { retain: 1, attributes: { list: null, bold: null } },
  ]);
});

it('keeps every character at its place: none of a line break of two is lost', () => {
  const text = new Y.Doc().getText('note/n1');
  text.insert(0, 'one\r\ntwo\rthree\r', {});
  const [{ insert }] = shown(text.toDelta()) as [{ insert: string }];
  expect(insert).toHaveLength(text.length);
  expect(insert.indexOf('two')).toBe(5);
  expect(insert).not.toContain('\r');
});

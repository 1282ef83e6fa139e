import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteRootName, parseCellId, parseNoteRootName, rowOf } from '../../src/quote/cell.ts';

describe('parseCellId', () => {
  it.each([
    ['fields/title', { root: 'fields', row: null, column: 'title', key: 'title' }],
    ['fields/x_region', { root: 'fields', row: null, column: 'x_region', key: 'x_region' }],
    ['lineItems/l1/quantity', { root: 'lineItems', row: 'l1', column: 'quantity', key: 'l1/quantity' }],
    [
      'lineItems/__proto__/name',
      { root: 'lineItems', row: '__proto__', column: 'name', key: '__proto__/name' },
    ],
    ['notes/n-1_A/audience', { root: 'notes', row: 'n-1_A', column: 'audience', key: 'n-1_A/audience' }],
  ])('takes %s apart', (id, cell) => {
    expect(parseCellId(id)).toEqual(cell);
  });

  it.each([
    '',
    'fields',
    'fields/',
    'fields/title/more',
    'fields/__proto__',
    'fields/1st',
    'lineItems/l1',
    'lineItems//name',
    'lineItems/l 1/name',
    'lineItems/l1/name/more',
    `lineItems/${'l'.repeat(65)}/name`,
    'note/n1',
    'constructor/l1/name',
  ])('finds no cell in "%s"', (id) => {
    expect(parseCellId(id)).toBeNull();
  });

  it('names the row of a cell, and none for a field', () => {
    const rows = ['lineItems/l1/quantity', 'fields/title'].map((id) => {
      const cell = parseCellId(id);
      return cell && rowOf(cell);
    });
    expect(rows).toEqual(['lineItems/l1', null]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (id) => void parseCellId(id)));
  });
});

describe('note roots', () => {
  it.each([
    ['note/n1', 'n1'],
    ['note/', null],
    ['note/a/b', null],
    ['notes', null],
  ])('%s is the text of %s', (name, noteId) => {
    expect(parseNoteRootName(name)).toBe(noteId);
    if (noteId !== null) expect(noteRootName(noteId)).toBe(name);
  });
});

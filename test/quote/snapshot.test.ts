import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { readSnapshot } from '../../src/quote/snapshot.ts';

function docWith(cells: Readonly<Record<string, unknown>>): Y.Doc {
  const doc = new Y.Doc();
  for (const [cell, value] of Object.entries(cells)) {
    const slash = cell.indexOf('/');
    doc.getMap(cell.slice(0, slash)).set(cell.slice(slash + 1), value);
  }
  return doc;
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

describe('readSnapshot', () => {
  it('gives an empty quote for an empty document', () => {
    expect(readSnapshot(new Y.Doc())).toEqual({ fields: {}, lineItems: [], discounts: [], notes: [] });
  });

  it('orders rows by position in code units, then by id, whoever wrote first', () => {
    const doc = docWith({
      'lineItems/d/position': 'a1',
      'lineItems/c/position': 'a0',
      'lineItems/B/position': 'Zz',
      'lineItems/b/position': 'a0',
      'lineItems/a/position': 'a0V',
    });
    expect(idsOf(readSnapshot(doc).lineItems)).toEqual(['B', 'b', 'c', 'a', 'd']);
  });

  it('leaves out empty cells, rows without a position, and removed rows unless asked for', () => {
    const doc = docWith({
      'fields/title': null,
      'fields/customer': 'ACME',
      'lineItems/l1/position': 'a0',
      'lineItems/l1/name': null,
      'lineItems/l2/name': 'without a place',
      'lineItems/l3/position': null,
      'lineItems/l4/position': 'a1',
      'lineItems/l4/removed': true,
      'lineItems/l5/position': 'a2',
      'lineItems/l5/removed': null,
    });
    const snapshot = readSnapshot(doc);
    expect(snapshot.fields).toEqual({ customer: 'ACME' });
    expect(snapshot.lineItems).toEqual([
      { id: 'l1', cells: { position: 'a0' } },
      { id: 'l5', cells: { position: 'a2' } },
    ]);
    expect(readSnapshot(doc, { removed: true }).lineItems[1]).toEqual({
      id: 'l4',
      cells: { position: 'a1', removed: true },
    });
  });

  it('gives notes their text', () => {
    const doc = docWith({ 'notes/n1/position': 'a0', 'notes/n1/audience': 'internal' });
    doc.getText('note/n1').insert(0, 'Ask legal.');
    expect(readSnapshot(doc).notes).toEqual([
      { id: 'n1', cells: { position: 'a0', audience: 'internal' }, text: 'Ask legal.' },
    ]);
  });

  it('ignores values and names that no cell can have', () => {
    const doc = docWith({
      'fields/title': { not: 'a scalar' },
      'fields/__proto__': 'x',
      'fields/customer': 7,
      'lineItems/l1/position': 3,
      'lineItems/l1': 'x',
      'lineItems/a b/position': 'a0',
      'lineItems/__proto__/position': 'a0',
      'lineItems/l2/position': 'a1',
      'lineItems/l2/constructor': 'x',
    });
    const snapshot = readSnapshot(doc);
    expect(snapshot.fields).toEqual({});
    expect(idsOf(snapshot.lineItems)).toEqual(['__proto__', 'l2']);
    expect(snapshot.lineItems[1]?.cells['constructor']).toBe('x');
  });
});

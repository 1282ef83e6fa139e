import fc from 'fast-check';
import type * as Y from 'yjs';
import { ROLES } from '../../src/authority/role.ts';

/** Edits as people with stock Yjs make them, on few cells so that they meet. */
export type Edit =
  | { readonly kind: 'set'; readonly root: string; readonly key: string; readonly value: unknown }
  | { readonly kind: 'delete'; readonly root: string; readonly key: string }
  | { readonly kind: 'type'; readonly at: number; readonly text: string }
  | { readonly kind: 'erase'; readonly at: number; readonly length: number }
  | { readonly kind: 'bold'; readonly at: number; readonly length: number };

const KEYS = [
  ['fields', 'title', ['A', 'B', 'C']],
  ['fields', 'paymentTerms', ['30 days', '14 days', null]],
  ['lineItems', 'l1/position', ['a0', 'a1']],
  ['lineItems', 'l1/quantity', ['1', '2', '3', null]],
  ['lineItems', 'l1/discountPercent', ['5', '10', '15', '30', null]],
  ['lineItems', 'l1/removed', [true, null]],
  ['lineItems', 'l2/name', ['Bolt', 'Nut', null]],
  ['discounts', 'd1/kind', ['percent', 'amount']],
  ['discounts', 'd1/value', ['5', '15', '500']],
] as const;

export const arbitraryRole = fc.constantFrom(...ROLES);

const arbitrarySet: fc.Arbitrary<Edit> = fc
  .constantFrom(...KEYS)
  .chain(([root, key, values]) =>
    fc.constantFrom<unknown>(...values).map((value) => ({ kind: 'set' as const, root, key, value })),
  );

/** Values and keys that the gate refuses whoever sends them. */
const arbitraryNonsense: fc.Arbitrary<Edit> = fc
  .constantFrom<[string, string, unknown]>(
    ['lineItems', 'l1/quantity', 7],
    ['lineItems', 'l1/quantity', 'CANARY'],
    ['lineItems', 'l1/position', null],
    ['lineItems', 'l1/nonsense', 'CANARY'],
    ['fields', '__proto__', 'CANARY'],
    ['fields', 'constructor', { CANARY: 1 }],
    ['fields', 'status', 'CANARY'],
  )
  .map(([root, key, value]) => ({ kind: 'set', root, key, value }));

const arbitraryDelete: fc.Arbitrary<Edit> = fc
  .constantFrom(...KEYS)
  .map(([root, key]) => ({ kind: 'delete', root, key }));

const arbitraryText: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: fc.constant('type' as const),
    at: fc.nat(20),
    text: fc.constantFrom('ab', 'c', 'def', '\u{1F600}'),
  }),
  fc.record({ kind: fc.constant('erase' as const), at: fc.nat(20), length: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('bold' as const), at: fc.nat(20), length: fc.integer({ min: 1, max: 4 }) }),
);

export const arbitraryEdit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 8, arbitrary: arbitrarySet },
  { weight: 2, arbitrary: arbitraryDelete },
  { weight: 2, arbitrary: arbitraryText },
  { weight: 1, arbitrary: arbitraryNonsense },
);

/** Makes an edit as its author would: one local transaction, or nothing where there is nothing to do. */
export function makeEdit(doc: Y.Doc, edit: Edit): void {
  const text = doc.getText('note/n1');
  switch (edit.kind) {
    case 'set':
      doc.getMap(edit.root).set(edit.key, edit.value);
      return;
    case 'delete':
      doc.getMap(edit.root).delete(edit.key);
      return;
    case 'type':
      text.insert(Math.min(edit.at, text.length), edit.text);
      return;
    case 'erase':
    case 'bold': {
      const at = Math.min(edit.at, text.length);
      const length = Math.min(edit.length, text.length - at);
      if (length === 0) return;
      if (edit.kind === 'erase') text.delete(at, length);
      else text.format(at, length, { bold: true });
    }
  }
}

/**
 * The same, without characters that are two clocks long: a stock Yjs that formats within one, and changes nothing by it, cuts it
 * in its own replica and tells nobody. No editor does that.
 */
export const arbitraryPlainEdit: fc.Arbitrary<Edit> = arbitraryEdit.filter(
  (edit) => edit.kind !== 'type' || !/[\uD800-\uDFFF]/.test(edit.text),
);

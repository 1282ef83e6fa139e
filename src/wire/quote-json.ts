import { priceQuote } from '../quote/pricing.ts';
import type { Row, Snapshot } from '../quote/snapshot.ts';
import type { QuoteJson } from './http-schemas.ts';

/** A quote as JSON, with its totals: what `GET /api/quotes/:id` gives and `POST /api/quotes` takes back. */
export function quoteJson(
  about: { readonly id: string; readonly revision: number },
  snapshot: Snapshot,
): QuoteJson {
  const { lines, discounts, ...totals } = priceQuote(snapshot);
  return {
    id: about.id,
    revision: about.revision,
    fields: snapshot.fields,
    lineItems: snapshot.lineItems.map(rowJson),
    discounts: snapshot.discounts.map(rowJson),
    notes: snapshot.notes.map((note) => ({ ...rowJson(note), text: note.text })),
    totals: { ...totals, lines: [...lines], discounts: [...discounts] },
  };
}

/** A quote as it was read from its JSON, with or without removed rows; its totals are left, they can be worked out. */
export function snapshotOfJson({ fields, lineItems, discounts, notes }: QuoteJson): Snapshot {
  return {
    fields,
    lineItems: lineItems.map(rowOfJson),
    discounts: discounts.map(rowOfJson),
    notes: notes.map(({ text, ...row }) => ({ ...rowOfJson(row), text })),
  };
}

const rowOfJson = ({ id, ...cells }: { readonly id: string } & Row['cells']): Row => ({ id, cells });

const rowJson = ({ id, cells }: Row) => ({ id, ...cells });

import type { NewQuote } from '../../quote/new-quote.ts';

/** What a person fills in beside the file. */
export interface ImportForm {
  readonly title: string;
  readonly customer: string;
  readonly currency: string | null;
}

/** As the file has it; a title, if it has none, is made of the file's name. */
export function formOf({ fields }: Pick<NewQuote, 'fields'>, title: string): ImportForm {
  const textOf = (column: string): string => {
    const value = fields[column];
    return typeof value === 'string' ? value : '';
  };
  return {
    title: textOf('title') || title,
    customer: textOf('customer'),
    currency: textOf('currency') || null,
  };
}

/** Why this form makes no quote yet; null if it does. */
export function formBlocks({ title, currency }: ImportForm, noun: 'file' | 'table'): string | null {
  if (currency === null) return `Choose a currency: the ${noun} names none.`;
  return title.trim() === '' ? 'Give the quote a title.' : null;
}

/**
 * The body of `POST /api/quotes`, without the id that a JSON file may name: importing a quote again makes a new one.
 */
export function bodyOfImport({ fields, lineItems, discounts, notes }: NewQuote, form: ImportForm): object {
  const rowOf = ({ id, cells }: NewQuote['lineItems'][number]) => ({
    ...(id !== undefined && { id }),
    ...cells,
  });
  return {
    fields: {
      ...fields,
      title: form.title.trim(),
      customer: form.customer.trim() || null,
      currency: form.currency,
    },
    lineItems: lineItems.map(rowOf),
    discounts: discounts.map(rowOf),
    notes: notes.map((note) => ({ ...rowOf(note), text: note.text })),
  };
}

/** A sentence if the server would not take a body for its size, before any of it is sent. */
export function findOversizeBody(body: object, bytesMax: number): string | null {
  const bytes = new TextEncoder().encode(JSON.stringify(body)).length;
  if (bytes <= bytesMax) return null;
  const [size, most] = [bytes, bytesMax].map((count) => `${(count / MIB).toFixed(1)} MiB`);
  return `As a quote this has ${size}, and at most ${most} can be sent at once. Split it into several quotes.`;
}

const MIB = 1024 * 1024;

import { useMemo, useState } from 'react';
import { defaultLimits } from '../../lib/limits.ts';
import type { NewQuote } from '../../quote/new-quote.ts';
import type { Totals } from '../../quote/pricing.ts';
import { quoteSchema } from '../../wire/http-schemas.ts';
import { ApiError } from '../api/api.ts';
import { useApi } from '../api/use-api.ts';
import { usePerson } from '../sign-in/use-sign-in.ts';
import { type ImportForm, bodyOfImport, findOversizeBody, formBlocks, formOf } from './import-body.ts';
import { type ImportPreview, previewImport, totalsOf } from './import-preview.ts';
import { type ImportChoices, NO_CHOICES } from './import-questions.ts';
import type { ImportText } from './import-source.ts';
import { readImport } from './read-import.ts';
import { NOTHING_SAID, serverWordOf } from './server-word.ts';

export interface Import {
  readonly preview: ImportPreview;
  readonly form: ImportForm;
  /** Null while it cannot be said: something is wrong, or open. */
  readonly totals: Totals | null;
  readonly isSending: boolean;
  /** Why nothing can be created yet; null if it can. */
  readonly blocked: string | null;
  /** What the server said of the whole; null: nothing. */
  readonly answer: string | null;
  choose(choice: Partial<ImportChoices>): void;
  fill(changed: Partial<ImportForm>): void;
  create(): Promise<void>;
}

/** An import under way, from its text to the quote. */
export function useImport(text: ImportText, onCreated: (quoteId: string) => void): Import {
  const api = useApi();
  const { role } = usePerson();
  const [choices, setChoices] = useState(NO_CHOICES);
  const [server, setServer] = useState(NOTHING_SAID);
  const [isSending, setIsSending] = useState(false);
  const { decimal } = choices;
  const reading = useMemo(() => readImport(text, decimal, defaultLimits), [text, decimal]);
  const preview = useMemo(
    () => previewImport(reading, { choices, role, server }),
    [reading, choices, role, server],
  );
  const [filled, setFilled] = useState<Partial<ImportForm>>({});
  const form = { ...formOf(reading.quote ?? { fields: {} }, text.title), ...filled };
  const { quote } = preview;
  const isDoubtful = reading.doubt !== null && decimal === null;
  const priced = isDoubtful ? null : quote;
  const totals = usePrices(priced, form.currency);
  const blocked = preview.blocked ?? formBlocks(form, text.noun);

  async function create(): Promise<void> {
    if (quote === null || blocked !== null || isSending) return;
    const body = bodyOfImport(quote, form);
    const oversize = findOversizeBody(body, defaultLimits.httpBodyBytes);
    if (oversize !== null) return setServer({ ...NOTHING_SAID, message: oversize });
    setIsSending(true);
    setServer(NOTHING_SAID);
    try {
      const { id } = await api.send('POST', '/api/quotes', body, quoteSchema);
      onCreated(id);
    } catch (error) {
      setIsSending(false);
      const said =
        error instanceof ApiError ? serverWordOf(error) : { ...NOTHING_SAID, message: String(error) };
      setServer(said);
      if (said.refused.length > 0) setChoices((before) => ({ ...before, refused: null }));
    }
  }

  return {
    preview,
    form,
    totals,
    isSending,
    blocked,
    answer: server.message,
    choose: (choice) => setChoices((before) => ({ ...before, ...choice })),
    fill: (changed) => setFilled((before) => ({ ...before, ...changed })),
    create,
  };
}

/** Priced anew only when lines or currency change, not with each letter of the title. */
function usePrices(quote: NewQuote | null, currency: string | null): Totals | null {
  return useMemo(() => (quote === null ? null : totalsOf(quote, currency)), [quote, currency]);
}

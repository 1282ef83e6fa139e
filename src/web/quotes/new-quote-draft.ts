import type { ProblemDetail } from '../../wire/http-schemas.ts';

/** What a person fills in for a new quote, all as text; empty is not said. */
export interface NewQuoteDraft {
  readonly title: string;
  readonly customer: string;
  readonly currency: string | null;
  /** YYYY-MM-DD */
  readonly validUntil: string;
}

export type DraftField = keyof NewQuoteDraft;

const FIELDS: readonly DraftField[] = ['title', 'customer', 'currency', 'validUntil'];

/** A sentence at each field, and one for what belongs to none. */
export type DraftProblems = Readonly<Partial<Record<DraftField | 'quote', string>>>;

/** What is wrong before the server is asked; empty if nothing. */
export const checkDraft = ({ title, currency }: NewQuoteDraft): DraftProblems => ({
  ...(title.trim() === '' && { title: 'Give the quote a title.' }),
  ...(currency === null && { currency: 'Choose a currency.' }),
});

/** The body of `POST /api/quotes`. */
export function bodyOfDraft(draft: NewQuoteDraft): { readonly fields: Readonly<Record<string, string>> } {
  const filled = FIELDS.map((field) => [field, (draft[field] ?? '').trim()] as const);
  return { fields: Object.fromEntries(filled.filter(([, value]) => value !== '')) };
}

/** What the server said, at the fields that it is about. */
export function problemsOfAnswer(answer: {
  readonly message: string;
  readonly details: readonly ProblemDetail[];
}): DraftProblems {
  const problems: Partial<Record<DraftField | 'quote', string>> = {};
  for (const { field, message } of answer.details) {
    const name = FIELDS.find((one) => field === `fields.${one}`) ?? 'quote';
    problems[name] =
      problems[name] === undefined ? sentenceOf(message) : `${problems[name]} ${sentenceOf(message)}`;
  }
  return answer.details.length === 0 ? { quote: answer.message } : problems;
}

/** `takes at most 8192 bytes` as "Takes at most 8192 bytes." */
function sentenceOf(message: string): string {
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

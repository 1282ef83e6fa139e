import type { Role } from '../../authority/role.ts';
import type { NewQuote } from '../../quote/new-quote.ts';
import { type Totals, priceQuote } from '../../quote/pricing.ts';
import { withRowIds } from '../../quote/row-ids.ts';
import { type ImportChoices, type Question, questionsOf } from './import-questions.ts';
import { type Marks, type PlacedProblem, marksOf, placeProblem, placeRefused } from './marks.ts';
import type { ImportReading } from './read-import.ts';
import { type RefusedValue, findRefused, leaveOut } from './refused-values.ts';
import type { ServerWord } from './server-word.ts';

/** Everything that the preview of an import shows, and the quote that would be made. */
export interface ImportPreview {
  readonly reading: ImportReading;
  readonly questions: readonly Question[];
  /** What is wrong, by line; refused values last. */
  readonly problems: readonly PlacedProblem[];
  readonly marks: Marks;
  /** As it would be sent; null while something is wrong with the file. */
  readonly quote: NewQuote | null;
  /** Why nothing can be created yet, in one sentence; null if it can. */
  readonly blocked: string | null;
}

export function previewImport(
  reading: ImportReading,
  {
    choices,
    role,
    server,
  }: { readonly choices: ImportChoices; readonly role: Role; readonly server: ServerWord },
): ImportPreview {
  const { table, quote } = reading;
  const refused = quote === null ? [] : union(findRefused(quote, role), server.refused);
  const isLastWord = server.refused.length > 0;
  const questions = questionsOf(reading, { count: refused.length, isLastWord }, choices);
  const bad = [...reading.problems, ...server.problems].map((problem) => placeProblem(problem, table));
  const problems = [...bad, ...refused.map((value) => placeRefused(value, table))];
  return {
    reading,
    questions,
    problems,
    marks: marksOf(problems),
    quote: quote === null ? null : choices.refused === 'leave_out' ? leaveOut(quote, refused) : quote,
    blocked: blockedBy(reading, questions),
  };
}

function blockedBy({ problems, noun }: ImportReading, questions: readonly Question[]): string | null {
  if (problems.length > 0) return `Mend the ${noun}, then import it again: nothing is imported in part.`;
  return questions.find(({ chosen }) => chosen === null)?.blocks ?? null;
}

/** What the server says of a value counts more than what was thought here. */
function union(thought: readonly RefusedValue[], said: readonly RefusedValue[]): RefusedValue[] {
  const paths = new Set(said.map(({ path }) => path));
  return [...said, ...thought.filter(({ path }) => !paths.has(path))];
}

/** What the quote would cost; the lines stand in its order. */
export function totalsOf(quote: NewQuote, currency: string | null): Totals {
  const { fields, ...rows } = withRowIds(quote);
  const withIds = <Row extends { readonly id?: string }>(list: readonly Row[]) =>
    list.map((row) => ({ ...row, id: row.id ?? '' }));
  return priceQuote({
    fields: { ...fields, currency },
    lineItems: withIds(rows.lineItems),
    discounts: withIds(rows.discounts),
    notes: [],
  });
}

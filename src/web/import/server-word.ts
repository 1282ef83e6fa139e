import type { ImportProblem } from '../../quote/import-result.ts';
import type { ProblemDetail } from '../../wire/http-schemas.ts';
import type { RefusedValue } from './refused-values.ts';

/** What the server said of the quote as it was sent. */
export interface ServerWord {
  /** What the importer may not set; these can be left out. */
  readonly refused: readonly RefusedValue[];
  readonly problems: readonly ImportProblem[];
  /** What has no details: not reached, too fast ...; a sentence. */
  readonly message: string | null;
}

export const NOTHING_SAID: ServerWord = { refused: [], problems: [], message: null };

export function serverWordOf(answer: {
  readonly message: string;
  readonly details: readonly ProblemDetail[];
}): ServerWord {
  if (answer.details.length === 0) return { ...NOTHING_SAID, message: answer.message };
  const refused: RefusedValue[] = [];
  const problems: ImportProblem[] = [];
  for (const { field, cell, reason, message } of answer.details) {
    const path = field ?? cell;
    if (path === undefined) problems.push({ line: null, message });
    else if (reason === 'not_permitted' || reason === 'locked') refused.push({ path, message });
    else problems.push({ line: null, cell: path, message });
  }
  return { refused, problems, message: null };
}

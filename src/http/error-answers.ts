import { errorSchema } from '../wire/http-schemas.ts';

const DESCRIPTIONS = {
  400: 'Malformed: `details` names the places',
  403: 'No permission for this',
  404: 'No such quote, revision or person',
  409: 'In conflict with what there is',
  413: 'Larger than `limits.httpBodyBytes`',
} as const;

/** What beside success a route answers, for its schema. 401, 429 and 503 can come from all of them. */
export function errorAnswers<Status extends keyof typeof DESCRIPTIONS>(...statuses: readonly Status[]) {
  const answers = {
    401: errorSchema.describe('No token, or one that is not believed'),
    429: errorSchema.describe('Too many requests: see `Retry-After`'),
    503: errorSchema.describe('Full, closing or out of order for a moment: see `Retry-After`'),
  };
  const own = statuses.map((status) => [status, errorSchema.describe(DESCRIPTIONS[status])]);
  return { ...answers, ...(Object.fromEntries(own) as Record<Status, typeof errorSchema>) };
}

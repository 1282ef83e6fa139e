import { z } from 'zod';

/** A signed head over HTTP. */
export const headSchema = z.object({
  n: z.int().describe('1, 2, 3 ...'),
  at: z.int().describe('When it was signed, ms since 1970'),
  quotes: z.int().describe('Quotes that it covers'),
  head: z
    .string()
    .describe(
      'The file to keep elsewhere: the signed note, an empty line, and the leaves it covers, one a line',
    ),
});

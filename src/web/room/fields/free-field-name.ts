import { type Result, fail, ok } from '../../../lib/result.ts';
import { columnTitle } from '../../../quote/column-titles.ts';

const NAME_CHARS_MAX = 61;

/** The field that a person means by a name: "Delivery time" is `x_delivery_time`, and reads like that again. */
export function freeFieldOf(name: string, taken: readonly string[]): Result<string> {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  if (words === '') return fail('Give the field a name with letters or digits.');
  const field = `x_${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  if (words.length > NAME_CHARS_MAX) return fail(`Use at most ${NAME_CHARS_MAX} letters for the name.`);
  if (taken.some((other) => other.toLowerCase() === field.toLowerCase()))
    return fail(`There is already a field “${columnTitle('fields', field)}”.`);
  return ok(field);
}

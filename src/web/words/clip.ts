/** A cell takes thousands of characters; a sentence about it says the first of them. Cuts no character in half. */
export const clip = (text: string): string =>
  text.length <= CHARS_MAX ? text : `${text.slice(0, CHARS_MAX).replace(/[\uD800-\uDBFF]$/, '')}…`;

const CHARS_MAX = 200;

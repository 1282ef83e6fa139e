import type * as Y from 'yjs';

/** A new text for one note, named by its id. */
export interface NoteTextWrite {
  readonly note: string;
  readonly text: string;
}

/** Only between the first and the last character that differ: what others type beside it stays. */
export function replaceText(body: Y.Text, to: string): void {
  const from = body.toString();
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from[start] === to[start]) start += 1;
  if (splitsCharacter(from, start) || splitsCharacter(to, start)) start -= 1;
  let same = 0;
  while (same < most - start && from.at(-1 - same) === to.at(-1 - same)) same += 1;
  if (splitsCharacter(from, from.length - same) || splitsCharacter(to, to.length - same)) same -= 1;
  body.delete(start, from.length - same - start);
  body.insert(start, to.slice(start, to.length - same));
}

/** Whether `at` is between the two halves of one character. */
const splitsCharacter = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));

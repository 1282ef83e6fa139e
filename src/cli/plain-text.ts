/**
 * Content as it may be shown in a terminal: on one line, and without the characters with which whoever wrote it could
 * move the cursor, change colours or turn the reading direction around.
 */
export const plain = (text: string): string =>
  text
    .replace(/\s*[\r\n\u2028\u2029]\s*/gu, ' / ')
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '\u{fffd}');

/** A cell's value as people write it: text in quotes, an empty cell as `empty`. */
export function plainValue(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  return plain(JSON.stringify(value));
}

/** East Asian letters and most emoji take two columns, marks on other letters none. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (/\p{M}|\u200d/u.test(character)) continue;
    width +=
      /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** The text cut to so many columns, with an ellipsis where something is missing. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

const HANG = '  ';
const INDENT_MAX = 6;

/** The text in lines of so many columns, broken between words where that is possible; none of it is lost. */
export function wrap(text: string, columns: number): string[] {
  const ownIndent = /^ */.exec(text)?.[0].slice(0, INDENT_MAX) ?? '';
  const hang = columns >= 4 * (INDENT_MAX + HANG.length) ? ownIndent + HANG : '';
  const lines: string[] = [];
  let rest = text;
  for (let end = endOfLine(rest, columns); end < rest.length; end = endOfLine(rest, columns)) {
    lines.push(rest.slice(0, end).trimEnd());
    rest = hang + rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** How much of the text goes on its first line: at least one character, so that there is an end. */
function endOfLine(text: string, columns: number): number {
  let [end, width, lastSpace] = [0, 0, 0];
  const wordsFrom = text.search(/[^ ]/);
  for (const character of text) {
    width += widthOf(character);
    if (character === ' ' && end > wordsFrom) lastSpace = end;
    if (width > columns && end > 0) return character !== ' ' && lastSpace > 0 ? lastSpace : end;
    end += character.length;
  }
  return end;
}

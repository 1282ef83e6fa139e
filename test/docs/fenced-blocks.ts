/** What stands between fences of one language, in order. */
export const fencedBlocks = (markdown: string, language: string): string[] =>
  [...markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , body = '']) => body);

/** The lines of these blocks as JSON, one value a line. */
export const jsonLines = (markdown: string): unknown[] =>
  fencedBlocks(markdown, 'json').flatMap((block) =>
    block
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  );

/** The rows of all tables, headings too, without the marks of code. */
export const tableRows = (markdown: string): string[][] =>
  [...markdown.matchAll(/^\|(.*)\|$/gm)]
    .map(([, row = '']) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .filter((cells) => !cells.every((cell) => /^-*$/.test(cell)));

/** What stands below a heading, up to the next one of any level. */
export function sectionOf(markdown: string, heading: string): string {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'));
  if (start < 0) throw new Error(`there is no heading "${heading}"`);
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line));
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n');
}

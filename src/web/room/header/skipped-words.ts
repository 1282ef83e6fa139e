/** What an undo left alone, as others have changed it since; null where it left nothing. */
export function skippedWords(cells: readonly string[]): string | null {
  const [first, second, ...others] = cells;
  if (first === undefined) return null;
  const named =
    second === undefined
      ? first
      : others.length === 0
        ? `${first} and ${second}`
        : `${first}, ${second} and ${others.length} more`;
  return `${named}: left as ${cells.length === 1 ? 'it is' : 'they are'}, changed by someone since.`;
}

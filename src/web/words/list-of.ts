/** "a", "a and b", "a, b and c". */
export const listOf = (parts: readonly string[], word: 'and' | 'or' = 'and'): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)}`;

/** The first two of many, and how many more: "a, b and 3 more". */
export const listOfFirst = (parts: readonly string[]): string =>
  parts.length <= 2 ? listOf(parts) : listOf([...parts.slice(0, 2), `${parts.length - 2} more`]);

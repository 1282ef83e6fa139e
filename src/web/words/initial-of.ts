/** A person as one letter, on a disc in their colour. */
export const initialOf = (name: string): string => [...name.trim()][0]?.toUpperCase() ?? '?';

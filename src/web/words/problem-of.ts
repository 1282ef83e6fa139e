/** What went wrong, for a person: errors say it themselves. */
export const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

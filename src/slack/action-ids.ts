import { z } from 'zod';

/**
 * Buttons know nothing but what their value says, so those of a card that was posted years or restarts ago work as well. The
 * version is part of the id: one that a later program no longer knows is answered politely.
 */
const VERSION = 'v1';

export const ACTIONS = {
  edit: `edit.${VERSION}`,
  done: `done.${VERSION}`,
  refresh: `refresh.${VERSION}`,
  leave: `leave.${VERSION}`,
  open: `open.${VERSION}`,
  keepOpen: `keep_open.${VERSION}`,
  choose: `choose.${VERSION}`,
} as const;

/** Parts of modals: what they are called in what Slack sends back. */
export const VIEWS = { edit: `edit_quote.${VERSION}`, choose: `choose_value.${VERSION}` } as const;
/** The search for a line in the edit modal. */
export const LINE_SEARCH = `line.${VERSION}`;

/** What a button says: of which quote, which card, and which revision its reader was shown. */
export const actionValueSchema = z.object({
  quote: z.string(),
  mirror: z.string(),
  revision: z.number().int().min(0),
  /** Of a held conflict. */
  cell: z.string().optional(),
});
export type ActionValue = z.infer<typeof actionValueSchema>;

export const formatActionValue = (value: ActionValue): string => JSON.stringify(value);

export function parseActionValue(text: unknown): ActionValue | null {
  if (typeof text !== 'string') return null;
  try {
    const parsed = actionValueSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

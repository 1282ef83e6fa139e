import { z } from 'zod';

/**
 * Which quotes of one person are kept on this device, and how many edits in each the server is not known to have. The
 * quotes themselves are in IndexedDB; this is their list, in local storage, since it is asked for before any of them is
 * opened and written as a page goes away.
 *
 * Each tab counts for itself, so that none forgets another's edits. A tab that opens a quote takes over what closed tabs
 * left: it loads their edits and sends them. So a count may be too high while two tabs are open, and never too low.
 */
export interface KeptQuotes {
  /** Those with unsent edits, then the others; by title. */
  list(): readonly KeptQuote[];
  /** Counts what other tabs left as this tab's own. Returns how many edits there are. */
  adopt(quoteId: string): number;
  note(quoteId: string, kept: { readonly title: string; readonly unsent: number }): void;
  forget(quoteId: string): void;
}

export interface KeptQuote {
  readonly quoteId: string;
  readonly title: string;
  readonly unsent: number;
}

const PREFIX = 'quoteroom.kept';
const noteSchema = z.object({ title: z.string(), unsent: z.number().int().min(0) });
type Note = z.infer<typeof noteSchema>;

/** Names that begin with this are one person's, and nobody else's: the id is escaped, so it holds no `/`. */
export const keptPrefix = (user: string): string => `${PREFIX}/${encodeURIComponent(user)}/`;

/** `tab` tells this page from others of the same person. */
export function createKeptQuotes(options: {
  readonly storage: Storage;
  readonly user: string;
  readonly tab: string;
}): KeptQuotes {
  const { storage, user, tab } = options;
  const prefix = keptPrefix(user);
  const ownKey = (quoteId: string): string => `${prefix}${quoteId}/${tab}`;

  const keysOf = (quoteId: string): string[] =>
    keysWith(storage, `${prefix}${quoteId}/`).toSorted((a, b) => a.localeCompare(b));

  function sumOf(quoteId: string): Note {
    const notes = keysOf(quoteId).map((key) => readNote(storage, key));
    return {
      title: notes.find(({ title }) => title !== '')?.title ?? '',
      unsent: notes.reduce((sum, { unsent }) => sum + unsent, 0),
    };
  }

  return {
    list() {
      const ids = new Set(
        keysWith(storage, prefix).map((key) => key.slice(prefix.length).split('/')[0] ?? ''),
      );
      return [...ids]
        .map((quoteId) => ({ quoteId, ...sumOf(quoteId) }))
        .toSorted((a, b) => Math.sign(b.unsent) - Math.sign(a.unsent) || a.title.localeCompare(b.title));
    },
    adopt(quoteId) {
      const sum = sumOf(quoteId);
      for (const key of keysOf(quoteId)) storage.removeItem(key);
      writeNote(storage, ownKey(quoteId), sum);
      return sum.unsent;
    },
    note: (quoteId, note) => writeNote(storage, ownKey(quoteId), note),
    forget(quoteId) {
      for (const key of keysOf(quoteId)) storage.removeItem(key);
    },
  };
}

export const keysWith = (storage: Storage, prefix: string): string[] =>
  Array.from({ length: storage.length }, (_, at) => storage.key(at)).filter(
    (key): key is string => key?.startsWith(prefix) === true,
  );

function readNote(storage: Storage, key: string): Note {
  try {
    return noteSchema.parse(JSON.parse(storage.getItem(key) ?? ''));
  } catch {
    return { title: '', unsent: 0 };
  }
}

/** A full device keeps no list either; the quote is then open online only, which is said where it is opened. */
function writeNote(storage: Storage, key: string, { title, unsent }: Note): void {
  try {
    storage.setItem(key, JSON.stringify({ title, unsent }));
  } catch {
    storage.removeItem(key);
  }
}

/**
 * The page to go back to after signing in elsewhere: the company's sign-in sends people to `/?token=`, whatever page
 * they came from. Kept in the tab's session storage.
 */
export interface ReturnPath {
  /** Remembers a page; the start page is none. */
  keep(path: string): void;
  /** Gives the page and forgets it. */
  take(): string | null;
}

const KEY = 'quoteroom.return';

export function createReturnPath(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): ReturnPath {
  return {
    keep(path) {
      if (isPage(path)) storage.setItem(KEY, path);
    },
    take() {
      const path = storage.getItem(KEY);
      storage.removeItem(KEY);
      return path !== null && isPage(path) ? path : null;
    },
  };
}

/** A path of ours: `//host` and `/\host` would be another server's. */
const isPage = (path: string): boolean => /^\/[^/\\]/.test(path);

import { keptPrefix, keysWith } from './kept-quotes.ts';

/** The database in which one person's copy of one quote is kept. */
export const databaseName = (user: string, quoteId: string): string =>
  `quoteroom:${encodeURIComponent(user)}:${quoteId}`;

/**
 * Takes everything of one person from this device. What others kept here stays. A database that another tab still has
 * open goes as soon as that tab lets go of it, which it is told to.
 */
export async function wipeDevice(user: string): Promise<void> {
  const prefix = keptPrefix(user);
  const listed = keysWith(localStorage, prefix).map((key) =>
    databaseName(user, key.slice(prefix.length).split('/')[0] ?? ''),
  );
  const forgetList = (): void => {
    for (const key of keysWith(localStorage, prefix)) localStorage.removeItem(key);
  };
  forgetList();
  sessionStorage.clear();
  const found = await databaseNames(databaseName(user, ''));
  await Promise.allSettled([...new Set([...listed, ...found])].map((name) => deleteDatabase(name)));
  // a tab that was still closing may have counted once more
  forgetList();
}

/** By the browser itself: the first page that is loaded shall not bring the document's library with it. */
const deleteDatabase = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.addEventListener('success', () => resolve());
    request.addEventListener('error', () =>
      reject(request.error ?? new Error(`${name} could not be deleted`)),
    );
  });

/** Not every browser lists its databases; the list in local storage is enough unless that was cleared alone. */
async function databaseNames(prefix: string): Promise<string[]> {
  try {
    const databases = await indexedDB.databases();
    return databases.flatMap(({ name }) => (name?.startsWith(prefix) === true ? [name] : []));
  } catch {
    return [];
  }
}

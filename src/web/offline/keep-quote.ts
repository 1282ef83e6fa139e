import { IndexeddbPersistence, clearDocument } from 'y-indexeddb';
import type * as Y from 'yjs';
import { databaseName } from './wipe-device.ts';

/**
 * Keeps a quote's document on this device, so that it opens without a network and edits outlive the page. Where the
 * browser has no room for it, or forbids it (some private windows), the quote works online all the same.
 */
export interface Keeping {
  /** Whether edits are kept here. */
  isKept(): boolean;
  observe(listener: () => void): () => void;
  /** Keeps no more, and takes away what was kept. */
  wipe(): Promise<void>;
  close(): void;
}

/** A slow disk shall not hold up a quote that the server can give faster. */
const LOAD_MS_MAX = 2_000;
/** A device fuller than this fails at some edit or other, and y-indexeddb does not say at which. */
const USED_SHARE_MAX = 0.98;

/**
 * Loads what was kept into `doc`, waiting at most two seconds; what comes later is merged when it comes. Must be called
 * before the document is connected, since what is loaded is none of this visit's edits.
 */
export async function keepQuote(doc: Y.Doc, owner: { user: string; quoteId: string }): Promise<Keeping> {
  const name = databaseName(owner.user, owner.quoteId);
  const listeners = new Set<() => void>();
  let persistence: IndexeddbPersistence | null = null;

  function stop(): void {
    if (persistence === null) return;
    // a database that went away under us rejects what is still on its way
    persistence.destroy().catch(() => undefined);
    persistence = null;
    for (const listener of [...listeners]) listener();
  }

  if (await Promise.race([hasRoom(), after(LOAD_MS_MAX).then(() => false)])) {
    const opened = new IndexeddbPersistence(name, doc);
    persistence = opened;
    const loaded = opened.whenSynced.then(() => {
      // another tab wipes it: without this, the next edit would throw at the closed database
      opened.db?.addEventListener('versionchange', stop);
    });
    await Promise.race([loaded, opened._db.then(() => loaded, stop), after(LOAD_MS_MAX)]);
  }

  return {
    isKept: () => persistence !== null,
    observe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async wipe() {
      stop();
      await clearDocument(name).catch(() => undefined);
    },
    close: stop,
  };
}

const PROBE = 'quoteroom-probe';

/** Tries it: a browser may have IndexedDB and refuse every use of it. */
async function hasRoom(): Promise<boolean> {
  try {
    await openProbe();
    const { usage = 0, quota = Infinity } = (await navigator.storage?.estimate()) ?? {};
    return usage < quota * USED_SHARE_MAX;
  } catch {
    return false;
  }
}

const openProbe = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(PROBE);
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB cannot be used')));
    request.addEventListener('success', () => {
      request.result.close();
      resolve();
    });
  });

const after = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

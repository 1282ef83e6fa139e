import { useSyncExternalStore } from 'react';

/**
 * Whether a newer version of the page waits for a reload: another service worker took over from the one that this page
 * was loaded with.
 */
export interface NewVersion {
  isHere(): boolean;
  observe(listener: () => void): () => void;
}

/** Registers the service worker. Without one the page works all the same, but not without a network. */
export function registerServiceWorker(workers: ServiceWorkerContainer | undefined): NewVersion {
  const listeners = new Set<() => void>();
  // The first worker of all takes over too, and is no news.
  let hadWorker = workers?.controller !== undefined && workers.controller !== null;
  let isHere = false;
  workers?.addEventListener('controllerchange', () => {
    isHere = hadWorker;
    hadWorker = true;
    for (const listener of [...listeners]) listener();
  });
  workers?.register('/sw.js').catch(() => undefined);
  return {
    isHere: () => isHere,
    observe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export const useNewVersion = ({ observe, isHere }: NewVersion): boolean =>
  useSyncExternalStore(observe, isHere);

import { type ComponentType, lazy } from 'react';

/**
 * A part of a page whose code comes when it is shown, so that the first page need not wait for it. Where that fails, the server
 * may just be restarting: it is tried again for a minute, while the rest of the page goes on.
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  return lazy(() => tryLoading(load));
}

/**
 * The same for a dialog, which is rarely shown. It is fetched as soon as the browser has nothing else to do: a dialog that is
 * needed without a network must be there by then.
 */
export function lazyDialog<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  if (typeof requestIdleCallback === 'function')
    requestIdleCallback(() => void load().catch(() => undefined));
  return lazyPart(load);
}

const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

async function tryLoading<Part>(load: () => Promise<Part>): Promise<{ default: Part }> {
  for (const pause of PAUSES_MS) {
    try {
      return { default: await load() };
    } catch {
      await new Promise((resolve) => void setTimeout(resolve, pause));
    }
  }
  return { default: await load() };
}

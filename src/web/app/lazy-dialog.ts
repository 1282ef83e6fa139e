import { type ComponentType, lazy } from 'react';

/**
 * A dialog that is rarely shown, so that the first page need not wait for its code. It is fetched as soon as the browser
 * has nothing else to do: a dialog that is needed without a network must be there by then.
 */
export function lazyDialog<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const loaded = (): Promise<{ default: ComponentType<Props> }> =>
    load().then((component) => ({ default: component }));
  if (typeof requestIdleCallback === 'function')
    requestIdleCallback(() => void loaded().catch(() => undefined));
  return lazy(loaded);
}

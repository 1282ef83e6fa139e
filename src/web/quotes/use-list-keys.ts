import { type RefObject, useEffect } from 'react';
import { type ListAction, type ListKey, listActionOf } from './list-keys.ts';

/** Keys anywhere on the page, but not while a dialog or a menu has them. */
export function useListKeys(
  act: (action: ListAction) => void,
  { search, isEnabled }: { readonly search: RefObject<HTMLInputElement | null>; readonly isEnabled: boolean },
): void {
  useEffect(() => {
    if (!isEnabled) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const hasModifier = event.ctrlKey || event.altKey || event.metaKey;
      const action = listActionOf({ key: event.key, hasModifier, on: placeOf(event.target, search.current) });
      if (action === null) return;
      event.preventDefault();
      act(action);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [act, search, isEnabled]);
}

/** What takes keys itself; links and rows of the list do not. */
const CONTROLS =
  'button, a, input, select, textarea, [contenteditable], [role="menu"], [role="dialog"], [role="radio"]';

function placeOf(target: EventTarget | null, search: HTMLInputElement | null): ListKey['on'] {
  if (!(target instanceof Element)) return 'page';
  if (target === search) return 'search';
  if (target.closest('[role="grid"]') !== null) return 'list';
  return target.closest(CONTROLS) === null ? 'page' : 'control';
}

import { useEffect, useEffectEvent } from 'react';

/** A paste on the page that no field, grid or dialog takes, as whoever was told to paste and selected nothing does. */
export function usePagePaste(isEnabled: boolean, onPaste: (event: ClipboardEvent) => void): void {
  const take = useEffectEvent(onPaste);
  useEffect(() => {
    if (!isEnabled) return undefined;
    const listen = (event: ClipboardEvent): void => {
      if (!event.defaultPrevented && isOfPage(event.target)) take(event);
    };
    window.addEventListener('paste', listen);
    return () => window.removeEventListener('paste', listen);
  }, [isEnabled]);
}

function isOfPage(target: EventTarget | null): boolean {
  if (target === document.body) return true;
  return target instanceof Element && target.closest('main') !== null && target.closest(TAKES_PASTE) === null;
}

const TAKES_PASTE = 'input, textarea, select, [contenteditable], [role=grid], [role=dialog]';

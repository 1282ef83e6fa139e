import { useEffect, useState } from 'react';

/** Whether the focus is in the cell that `mark` stands in, or in what lies `beside` it, which is elsewhere in the page. */
export function useFocusIn(
  mark: { readonly current: HTMLElement | null },
  beside: { readonly current: HTMLElement | null },
): boolean {
  const [isFocused, setFocused] = useState(false);
  useEffect(() => {
    const look = (): void => {
      const active = document.activeElement;
      const frame = mark.current?.closest('[data-cell]');
      setFocused(frame?.contains(active) === true || beside.current?.contains(active) === true);
    };
    const leave = (event: FocusEvent): void => {
      if (event.relatedTarget === null) look();
    };
    look();
    document.addEventListener('focusin', look);
    document.addEventListener('focusout', leave);
    return () => {
      document.removeEventListener('focusin', look);
      document.removeEventListener('focusout', leave);
    };
  }, [mark, beside]);
  return isFocused;
}

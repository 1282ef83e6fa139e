/** The cell that the focus is in, or that a grid names as its own cursor; null where there is none. */
export function cellWithFocus(page: Document): string | null {
  const focused = page.activeElement;
  const named = focused?.getAttribute('aria-activedescendant') ?? null;
  const frame =
    named === null
      ? focused?.closest<HTMLElement>('[data-cell]')
      : page.getElementById(named)?.querySelector<HTMLElement>('[data-cell]');
  return frame?.dataset['cell'] ?? null;
}

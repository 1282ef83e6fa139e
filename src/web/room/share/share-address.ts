/** The address of a page to hand on: where it is, and nothing of who looks at it. */
export function shareAddress(href: string): string {
  const { origin, pathname } = new URL(href);
  return origin + pathname;
}

/** After which row one comes to stand that moves by one place, for `moveRow`; undefined where there is no such place. */
export function afterMove(ids: readonly string[], id: string, by: -1 | 1): string | null | undefined {
  const at = ids.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= ids.length) return undefined;
  return by === 1 ? ids[to] : (ids[to - 1] ?? null);
}

/** The same for one that is dropped on another: it takes that one's place. */
export function afterDrop(ids: readonly string[], id: string, onto: string): string | null | undefined {
  const from = ids.indexOf(id);
  const to = ids.indexOf(onto);
  if (from < 0 || to < 0 || from === to) return undefined;
  return from < to ? onto : (ids[to - 1] ?? null);
}

import type { SessionRecord } from './session-store.ts';

/**
 * How every adapter lists sessions: newest first, of those that started in one instant the higher id first. A page goes on after
 * the last session of the one before.
 */
interface ListPlace {
  readonly at: number;
  readonly id: string;
}

/** The `next` of a page that ends with this session. */
export const formatPlace = ({ startedAt, id }: SessionRecord): string => `${startedAt}.${id}`;

/** Null for what no page gave. */
export function parsePlace(text: string): ListPlace | null {
  const [, at, id] = /^(\d{1,15})\.(.+)$/.exec(text) ?? [];
  return at === undefined || id === undefined ? null : { at: Number(at), id };
}

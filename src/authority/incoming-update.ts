import type * as Y from 'yjs';
import type { CellId, UserId } from '../lib/ids.ts';
import type { Root } from '../quote/cell.ts';
import type { StructId } from './struct-id.ts';
import type { StructIndex } from './struct-index.ts';
import type { DeleteRange } from './update-codec.ts';

/** An update as read: what is new in it, and where it lies. */
export interface IncomingUpdate {
  readonly kind: 'update';
  /** New items, each after those that it stands on. */
  readonly items: readonly IncomingItem[];
  /** The same by client, in the order of their clocks. */
  readonly itemsByClient: ItemsByClient;
  /** Parts of items that we hold and that the update deletes. */
  readonly deletions: readonly Deletion[];
  /** Clocks of the new items that the update deletes again. */
  readonly freshDeletions: ReadonlyMap<number, readonly DeleteRange[]>;
}

export type ItemsByClient = ReadonlyMap<number, readonly IncomingItem[]>;

/**
 * Why an update cannot be merged.
 * - `malformed`: no correct client can send it
 * - `gap`: clocks of the user's own got lost with an earlier connection; asking for them heals it
 * - `too_entangled`: honest, perhaps, but Yjs would take too long to merge it; the same work made anew is none
 * - `over_quota`: this person has used up what a quote keeps of one; trying again does not help, nor does a new document
 *
 * Reasons of the last two are written for that person, and say what to do.
 */
export type Problem =
  | { readonly kind: 'malformed' | 'too_entangled' | 'over_quota'; readonly reason: string }
  | { readonly kind: 'gap' };

export const malformed = (reason: string): Problem => ({ kind: 'malformed', reason });
export const overQuota = (reason: string): Problem => ({ kind: 'over_quota', reason });

/** Where an item lies: in a cell, or in the text of a note. */
export type Place =
  | { readonly kind: 'cell'; readonly cell: CellId; readonly root: Root; readonly key: string }
  | { readonly kind: 'text'; readonly note: string; readonly root: string };

export interface FreshItem {
  readonly item: Y.Item;
  /** First clocks of it that we hold already. */
  readonly offset: number;
}

export interface IncomingItem extends FreshItem {
  readonly place: Place;
  /** The struct left of it when it was made. For an item that we hold in part, the last clock of that part. */
  readonly origin: StructId | null;
  /** The update deletes all of it again. */
  isDeleted: boolean;
}

/** Clocks `from` to `to` (exclusive) of a struct that we hold and that the update deletes. `isLive` unless it was deleted before. */
export interface Deletion {
  readonly item: Y.Item;
  readonly from: number;
  readonly to: number;
  readonly isLive: boolean;
  readonly place: Place;
}

/** What reading needs to know beside the bytes. */
export interface ReadContext {
  readonly doc: Y.Doc;
  readonly structs: Pick<StructIndex, 'find' | 'seenBy'>;
  readonly user: UserId;
  /** The user to whom a client id belongs or for whom it is reserved, or null. */
  readonly ownerOf: (client: number) => UserId | null;
  /** Client ids that belong to the user already. */
  readonly clientsOfUser: number;
  /** Whether there is such a note, a removed one too. */
  readonly hasNote: (note: string) => boolean;
  /** How many more notes the user may begin. */
  readonly notesFree: number;
}

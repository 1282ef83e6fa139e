import { SERVER_CLIENT_ID } from '../lib/limits.ts';
import { readFreshStructs } from './fresh-structs.ts';
import {
  type IncomingUpdate,
  type Place,
  type Problem,
  type ReadContext,
  malformed,
  overQuota,
} from './incoming-update.ts';
import { type Causality, createCausality } from './causality.ts';
import { createMergeMeter } from './merge-meter.ts';
import { createHeldPlaces, placeInOrder } from './place-structs.ts';
import { readDeletions } from './read-deletions.ts';
import { rehearseMerge } from './rehearse-merge.ts';
import { hasTooManyTexts } from './spare-texts.ts';
import { createStructList } from './struct-list.ts';
import { MERGE_STEPS_MAX, SPARE_TEXTS_PER_USER_MAX } from './update-bounds.ts';
import { type RawUpdate, decodeUpdate } from './update-codec.ts';

/** An update that can be merged. */
export interface MergeableUpdate extends IncomingUpdate {
  /** How many steps of searching that takes Yjs, see `merge-meter.ts`. */
  readonly mergeSteps: number;
  /** It holds structs of ours, as no transaction of a client does: it tells what a replica knew. */
  readonly holdsOurs: boolean;
  /** By new item: the newest revision that its author must have seen of others. */
  readonly knowledge: Causality['knowledge'];
}

export type ReadUpdate = Problem | MergeableUpdate;

/**
 * Reads a client's update and fails closed. What comes out can be merged: every struct is new, follows what we hold without
 * a hole, belongs to this user, lies in one of the quote's roots with content that a stock client puts there, and stands
 * on structs that we hold or that come before it in the list. See {@link Problem} for what does not come out.
 */
export function readUpdate(update: Uint8Array, context: ReadContext): ReadUpdate {
  const raw = decodeUpdate(update);
  if (!raw.ok) return malformed(raw.reason);
  const fresh = readFreshStructs(raw.value, context);
  if ('kind' in fresh) return fresh;
  const placeOfHeld = createHeldPlaces();
  const placed = placeInOrder(fresh, placeOfHeld, context);
  if ('kind' in placed) return placed;
  const read = readDeletions(raw.value.deletions, { ...placed, fresh }, placeOfHeld, context);
  if (read.kind !== 'update') return read;
  if (hasTooManyTexts(read, context)) return overQuota(TOO_MANY_TEXTS);
  const meter = createMergeMeter(context.doc, read.itemsByClient, MERGE_STEPS_MAX);
  const list = createStructList(context.doc, meter);
  const causality = createCausality(read, { ...context, meter });
  const problem = rehearseMerge(read, context.doc, { list, meter, causality });
  if (problem === null) {
    const holdsOurs = raw.value.structs.some(isOurs);
    return { ...read, mergeSteps: meter.steps(), holdsOurs, knowledge: causality.knowledge };
  }
  return problem.kind === 'entangled'
    ? tooEntangled(problem.place)
    : malformed('a struct that was never made between the two that it names');
}

const isOurs = ({ id }: RawUpdate['structs'][number]): boolean => id.client === SERVER_CLIENT_ID;

const TOO_MANY_TEXTS = `you typed into more than ${SPARE_TEXTS_PER_USER_MAX} notes that are not on the quote; ask a host to add them`;

/**
 * Well formed, but Yjs would take very long to merge it, here and in every replica: each of thousands of structs at one place
 * is unaware of the others, and Yjs searches through them for each. Teams that work offline for long may come here. The
 * advice comes first, since a close frame cuts long reasons.
 */
const tooEntangled = (place: Place): Problem => ({
  kind: 'too_entangled',
  reason: `copy your text, open the quote anew, paste it: too many edits made apart in ${nameOf(place)}`,
});

const nameOf = (place: Place): string => (place.kind === 'cell' ? place.cell : place.root);

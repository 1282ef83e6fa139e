import { parseNoteRootName } from '../quote/cell.ts';
import type { IncomingUpdate, ReadContext } from './incoming-update.ts';
import { rehearseMerge } from './merge-steps.ts';
import { MERGE_STEPS_MAX, SPARE_TEXTS_PER_USER_MAX } from './update-bounds.ts';

/**
 * Finds structure that is well formed but would take Yjs very long to merge, here and in every replica. Whoever puts
 * thousands of structs at one place, each unaware of the others, makes Yjs search through all of them for each. No
 * editing by hand does.
 */
export function findCostlyStructure(update: IncomingUpdate, context: ReadContext): string | null {
  if (hasTooManyTexts(update, context)) return 'texts of too many notes';
  return rehearseMerge(update, context.doc, MERGE_STEPS_MAX).steps > MERGE_STEPS_MAX
    ? 'too many branches of cells and texts, or cuts through them'
    : null;
}

/**
 * Text begins a root in every replica, for good, also where it is refused. Each person has a share of such roots of
 * their own, so that nobody uses up those of others.
 */
function hasTooManyTexts({ items }: IncomingUpdate, context: ReadContext): boolean {
  const { doc, user, ownerOf, hasNote, notesFree } = context;
  const added = new Set<string>();
  for (const { place } of items) {
    if (place.kind === 'text' && !doc.share.has(place.root) && !hasNote(place.note)) added.add(place.root);
  }
  if (added.size <= notesFree) return false;
  let spare = 0;
  for (const [root, type] of doc.share) {
    const note = parseNoteRootName(root);
    const first = type._start;
    if (note !== null && first !== null && !hasNote(note) && ownerOf(first.id.client) === user) spare += 1;
  }
  return spare + added.size > notesFree + SPARE_TEXTS_PER_USER_MAX;
}

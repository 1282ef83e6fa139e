import { parseNoteRootName } from '../quote/cell.ts';
import type { IncomingUpdate, ReadContext } from './incoming-update.ts';
import { SPARE_TEXTS_PER_USER_MAX } from './update-bounds.ts';

/**
 * Text begins a root in every replica, for good, also where it is refused. Each person has a share of such roots of
 * their own, so that nobody uses up those of others.
 */
export function hasTooManyTexts({ items }: IncomingUpdate, context: ReadContext): boolean {
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

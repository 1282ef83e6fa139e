import * as Y from 'yjs';
import type { Origin } from '../authority/actor.ts';
import type { Role } from '../authority/role.ts';
import type { Json, RefusalReason, WriteVerdict } from '../authority/verdict.ts';
import type { CellId, UserId } from '../lib/ids.ts';
import type { Entry } from '../log/log.ts';
import { type CellValue, ROOTS, parseNoteRootName } from '../quote/cell.ts';

/**
 * Follows a quote through its log, entry by entry, and keeps of each cell and each note who set what stands there and who
 * tried in vain since. It believes what the log says: whether that is right is for `verify` to find out.
 *
 * Cells come from the rows per write. The text of notes is in the merged bytes only, so a document is played along; an entry
 * changed a text if the text is another one after it.
 */
export interface Course {
  readonly doc: Y.Doc;
  /** By the name of the cell, or of the note's root: `note/<id>`. */
  readonly places: ReadonlyMap<CellId, Place>;
  play(entry: Pick<Entry, 'seq' | 'at' | 'actor' | 'origin' | 'kind' | 'merged' | 'writes'>): void;
}

/** Who did something, in which role, when and in which entry. */
export interface Change {
  readonly seq: number;
  /** Server time, ms since 1970. */
  readonly at: number;
  readonly user: UserId;
  readonly role: Role;
  readonly origin: Origin;
}

export interface Place {
  /** The write that stands, or the last change of the text; null where there was none. */
  readonly standing: Standing | null;
  /** The last write of somebody else that stood before it. */
  readonly replaced: Standing | null;
  /** The last other value that the cell had; null where there was none. */
  readonly before: CellValue;
  /**
   * Writes that did not stand since the cell came to the author of the one that does, oldest first: the newest 20,
   */
  readonly lost: readonly LostWrite[];
  /** and how many there were. */
  readonly lostCount: number;
}

export interface Standing {
  readonly change: Change;
  /** Null for text. */
  readonly value: CellValue;
}

export interface LostWrite extends Change {
  readonly verdict: 'refused' | 'held';
  readonly reason: RefusalReason;
  readonly offered: Json;
}

/** Writes in vain that are kept of one cell. */
const LOST_MAX = 20;

/** Begins with a document as it stood before the first entry that is played. */
export function createCourse(doc: Y.Doc): Course {
  const places = new Map<CellId, Place>();
  const watch = watchTexts(doc);

  return {
    doc,
    places,
    play(entry) {
      const { seq, at, origin, actor } = entry;
      const change: Change = { seq, at, user: actor.user, role: actor.role, origin };
      for (const write of entry.writes) {
        const place = placeAfter(places.get(write.cell), write, { change, isChosen: isChoice(entry) });
        if (place !== null) places.set(write.cell, place);
      }
      if (entry.merged === null) return;
      Y.applyUpdate(doc, entry.merged);
      for (const root of watch.changed()) {
        places.set(root as CellId, stand(places.get(root as CellId), { change, value: null }, null));
      }
    },
  };
}

const isChoice = ({ kind }: Pick<Entry, 'kind'>): boolean => kind === 'settle' || kind === 'expire';

function placeAfter(
  place: Place | undefined,
  write: WriteVerdict,
  { change, isChosen }: { readonly change: Change; readonly isChosen: boolean },
): Place | null {
  const { before, applied, verdict, reason, offered, by } = write;
  if (verdict === 'accepted') {
    const next = stand(place, { change, value: applied }, before);
    return isChosen ? withLosersOf(place, next, applied) : next;
  }
  if (reason === null) return null;
  // A refused removal can bring the row back, for the one whom it was refused for.
  const isKept = by !== null && applied !== before;
  const kept = isKept ? stand(place, { change: { ...change, ...by }, value: applied }, before) : place;
  const { lost, lostCount } = kept ?? EMPTY;
  return {
    ...(kept ?? EMPTY),
    lost: [...lost, { ...change, verdict, reason, offered }].slice(-LOST_MAX),
    lostCount: lostCount + 1,
  };
}

const EMPTY: Place = { standing: null, replaced: null, before: null, lost: [], lostCount: 0 };

/** Whoever writes over their own value still has it from the same person, and the same people tried in vain. */
function stand(place: Place = EMPTY, standing: Standing, before: CellValue): Place {
  const isSameAuthor = place.standing?.change.user === standing.change.user;
  const { replaced, lost, lostCount } = isSameAuthor
    ? place
    : { replaced: place.standing, lost: [], lostCount: 0 };
  return { standing, replaced, before: standing.value === before ? place.before : before, lost, lostCount };
}

/** Whose held value was not chosen lost with the choice, not before it. */
function withLosersOf(place: Place = EMPTY, chosen: Place, value: CellValue): Place {
  const isLoser = (lost: LostWrite): boolean => lost.verdict === 'held' && lost.offered !== value;
  const lost = place.lost.filter(
    (one) => isLoser(one) || (chosen.lost.includes(one) && one.verdict !== 'held'),
  );
  return { ...chosen, lost, lostCount: lost.length };
}

/** Which texts are others than when it was last asked. */
function watchTexts(doc: Y.Doc): { changed(): string[] } {
  const texts = readTexts(doc);
  const maps = new Set<unknown>(ROOTS.map((root) => doc.getMap(root)));
  const touched = new Set<unknown>();
  doc.on('afterTransaction', ({ changed }: Y.Transaction) => {
    for (const type of changed.keys()) if (!maps.has(type)) touched.add(type);
  });
  return {
    changed() {
      const roots: string[] = [];
      if (touched.size === 0) return roots;
      for (const [name, type] of doc.share) {
        if (!touched.has(type) || parseNoteRootName(name) === null) continue;
        const text = doc.getText(name).toString();
        if (text === (texts.get(name) ?? '')) continue;
        texts.set(name, text);
        roots.push(name);
      }
      touched.clear();
      return roots;
    },
  };
}

/** The bodies of all notes by the names of their roots, `note/<id>`. */
export function readTexts(doc: Y.Doc): Map<string, string> {
  const names = [...doc.share.keys()].filter((name) => parseNoteRootName(name) !== null);
  return new Map(names.map((name) => [name, doc.getText(name).toString()]));
}

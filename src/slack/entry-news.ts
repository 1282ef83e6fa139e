import type { Overridden, WriteVerdict } from '../authority/verdict.ts';
import type { UserId } from '../lib/ids.ts';
import type { Entry } from '../log/log.ts';
import type { Snapshot } from '../quote/snapshot.ts';
import { addEntry, emptyTally, isEmptyTally } from './edit-tally.ts';
import type { HeldEdits } from './held-edits.ts';
import type { LostEdits } from './lost-edits.ts';
import type { LostEdit } from './notices.ts';
import { cellWords } from './words.ts';

/**
 * What a stretch of the log has for a thread, by person: what they did, what they lost, and where they met an equal. Pure, and done
 * once for all entries, since one of them may have ten thousand writes.
 */
export interface PersonNews {
  readonly user: UserId;
  /** Of their first entry and their last, ms since 1970. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly firstSeq: number;
  /** Those of which something stood. */
  readonly entries: readonly Entry[];
  readonly lost: LostEdits;
  readonly held: HeldEdits;
}

export interface NewsContext {
  readonly snapshot: Snapshot;
  readonly nameOf: (user: string) => string;
}

/** Of one person and entry; more is not read, and each has to be put into words. */
const NEWEST_MAX = 200;

export function newsOf(entries: readonly Entry[], told: NewsContext): PersonNews[] {
  const news = new Map<UserId, PersonNews>();
  for (const entry of entries) {
    const { actor, at, seq, origin } = entry;
    const lost = lostIn(entry, told);
    const held = heldIn(entry, told);
    const stood = !isEmptyTally(addEntry(emptyTally(''), entry));
    if (!stood && lost.length === 0 && held.length === 0) continue;
    const known = news.get(actor.user);
    news.set(actor.user, {
      user: actor.user,
      firstAt: known?.firstAt ?? at,
      lastAt: at,
      firstSeq: known?.firstSeq ?? seq,
      entries: stood ? [...(known?.entries ?? []), entry] : (known?.entries ?? []),
      // Who works in Slack was answered there and then.
      lost: {
        tells: (known?.lost.tells ?? false) || (lost.length > 0 && origin !== 'slack'),
        edits: [...(known?.lost.edits ?? []), ...lost],
      },
      held: { cells: [...(known?.held.cells ?? []), ...held] },
    });
  }
  return [...news.values()];
}

function lostIn({ writes }: Entry, { snapshot, nameOf }: NewsContext): LostEdit[] {
  const lost = writes.filter(
    ({ verdict, reason, by }) => verdict === 'refused' && reason === 'authority_overridden' && by !== null,
  );
  return lost.slice(-NEWEST_MAX).flatMap(({ cell, by, applied, offered }) =>
    by === null
      ? []
      : [
          {
            cell,
            what: cellWords(cell, snapshot),
            by: { name: nameOf(by.user), role: by.role },
            reason: 'authority_overridden' as const,
            kept: applied,
            offered: typeof offered === 'string' || typeof offered === 'boolean' ? offered : null,
          },
        ],
  );
}

function heldIn({ writes }: Entry, { snapshot, nameOf }: NewsContext): HeldEdits['cells'] {
  const held = writes.filter(({ verdict, by }: WriteVerdict) => verdict === 'held' && by !== null);
  return held
    .slice(-NEWEST_MAX)
    .flatMap(({ cell, by }) =>
      by === null ? [] : [{ cell, what: cellWords(cell, snapshot), first: nameOf(by.user) }],
    );
}

/** Authors whose earlier writes were put aside, each with the newest of them. */
export function lostByOthers(
  overridden: readonly Overridden[],
  { snapshot, nameOf }: NewsContext,
): Map<UserId, LostEdit[]> {
  const byUser = new Map<UserId, Overridden[]>();
  for (const one of overridden) {
    const ofUser = byUser.get(one.user);
    if (ofUser === undefined) byUser.set(one.user, [one]);
    else ofUser.push(one);
  }
  return new Map(
    [...byUser].map(([user, all]) => [
      user,
      all.slice(-NEWEST_MAX).map(({ cell, by, kept, yours }) => ({
        cell,
        what: cellWords(cell, snapshot),
        by: { name: nameOf(by.user), role: by.role },
        reason: 'authority_overridden',
        kept,
        offered: yours,
      })),
    ]),
  );
}

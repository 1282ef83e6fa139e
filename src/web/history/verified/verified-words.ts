import type { VerificationJson } from '../../../wire/history-schemas.ts';
import { countOf } from '../../words/count-of.ts';
import { clockTime } from '../../words/time-ago.ts';

/** What a check of the log found, in plain words, each a sentence of its own. */
export interface VerifiedWords {
  /** On the badge: "Verified to entry 412", "2 problems found". */
  readonly badge: string;
  readonly isSound: boolean;
  /** What was checked, and when. */
  readonly checked: string;
  /** Which signed head vouches for it, and up to where. */
  readonly signed: string;
  /** What has come since it was checked; null where nothing has. */
  readonly since: string | null;
}

export function verifiedWords(
  { entries, revision, at, problems, head }: VerificationJson,
  { newest, now, locale }: { readonly newest: number; readonly now: number; readonly locale?: string },
): VerifiedWords {
  const isSound = problems.length === 0;
  const later = newest - revision;
  return {
    isSound,
    badge: isSound
      ? `Verified to entry ${revision.toLocaleString(locale)}`
      : `${countOf(problems.length, 'problem')} found`,
    checked: `${entries === 1 ? '1 entry was' : `${entries.toLocaleString(locale)} entries were`} checked at ${clockTime(at, now, locale)}.`,
    signed: signedWords({ head, revision, isSound }, { now, locale }),
    since:
      later <= 0
        ? null
        : `${later === 1 ? '1 entry has' : `${later.toLocaleString(locale)} entries have`} come since.`,
  };
}

function signedWords(
  { head, revision, isSound }: Pick<VerificationJson, 'head' | 'revision'> & { readonly isSound: boolean },
  { now, locale }: { readonly now: number; readonly locale?: string | undefined },
): string {
  if (head === null)
    return isSound
      ? 'No signed head covers this quote yet. One is signed soon after entries are made.'
      : 'No signed head vouches for this log.';
  const covers =
    head.covers >= revision
      ? 'all of them'
      : head.covers === 1
        ? 'entry 1'
        : `entries 1 to ${head.covers.toLocaleString(locale)}`;
  return `Head ${head.n.toLocaleString(locale)}, signed at ${clockTime(head.at, now, locale)} with the key ${head.keyId}, vouches for ${covers}.`;
}

/** What is looked at, for whoever wants to know what "verified" means. */
export const CHECKS: readonly string[] = [
  'No entry is missing, and none was put in between.',
  'Each entry is what it was when it was written, and follows the one before it.',
  'Every decision was taken again by the rules of its time, and came out the same.',
  'The quote as it is shown is what the entries lead to.',
];

/** What it means, and what it does not. */
export const PROVES =
  'The log holds together: an entry that was altered, taken out or put in afterwards would have been found.';
export const PROVES_NOT =
  'It is this server that checked, with its own data and key. Whoever has both could write everything anew, and a tail that is cut off after the last head leaves no trace. An auditor checks a copy, with a head that was kept elsewhere.';

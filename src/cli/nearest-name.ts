/**
 * The known name that somebody most likely meant, or null where none is near. Letter case and separators do not
 * count, and a name may lack its beginning or its end: `maxSessions` means `collaboration.maxSessions`.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  const wanted = plain(name);
  // Far more typing than any known name: nobody's slip of the finger, and costly to compare.
  if (wanted === '' || wanted.length > 100) return null;
  const ranked = known
    .map((candidate) => ({ candidate, distance: distanceOf(wanted, plain(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance || a.candidate.length - b.candidate.length);
  const best = ranked[0];
  const distanceMax = Math.min(Math.max(2, wanted.length / 3), wanted.length - 1);
  return best && best.distance <= distanceMax ? best.candidate : null;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

function distanceOf(wanted: string, candidate: string): number {
  if (candidate === wanted) return 0;
  const isPart = candidate.endsWith(wanted) || candidate.startsWith(wanted);
  return isPart && wanted.length >= 4 ? 0.5 : editDistance(wanted, candidate);
}

/** Levenshtein's: the fewest letters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [at, other] of [...to].entries()) {
      const replaced = (row[at] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

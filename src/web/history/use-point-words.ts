import { useNow } from '../words/use-now.ts';
import { type PointWords, pointWords } from './point-words.ts';
import { personOf, pointAt } from './timeline.ts';
import { useDescribing, useEntry, useHistoryView } from './use-history.ts';

/** The point in words; null where there is no such entry. */
export function usePointWords(seq: number): PointWords | null {
  const { timeline } = useHistoryView();
  const describing = useDescribing();
  const entry = useEntry(seq);
  const now = useNow();
  const point = pointAt(timeline, seq);
  return point === null
    ? null
    : pointWords({ point, person: personOf(timeline, point), entry }, { ...describing, now });
}

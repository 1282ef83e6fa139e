import type { Timeline } from './timeline.ts';

/** A stretch of the slider, px from its left edge, with one author. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Their place in the timeline's people. */
  readonly person: number;
}

/** What is painted of a timeline: however many entries it has, no more pieces than the slider has pixels. */
export interface Segments {
  /** From left to right, side by side over the whole width. */
  readonly authors: readonly Segment[];
  /** Where something was refused or held, px from the left edge. */
  readonly refused: readonly number[];
}

/** Where several entries fall on one pixel, the author of most of them has it. `width` in whole px. */
export function segmentsOf({ points, people }: Timeline, width: number): Segments {
  const count = points.length;
  const pieces = Math.min(count, Math.max(0, Math.floor(width)));
  const authors: Segment[] = [];
  const refused: number[] = [];
  for (let piece = 0; piece < pieces; piece++) {
    const from = Math.floor((piece * count) / pieces);
    const to = Math.floor(((piece + 1) * count) / pieces);
    const start = (piece * width) / pieces;
    const end = ((piece + 1) * width) / pieces;
    const tally = Array.from(people, () => 0);
    let person = points[from]?.person ?? 0;
    let isRefused = false;
    for (let at = from; at < to; at++) {
      const point = points[at];
      if (point === undefined) continue;
      const own = (tally[point.person] ?? 0) + 1;
      tally[point.person] = own;
      if (own > (tally[person] ?? 0)) ({ person } = point);
      isRefused ||= point.refused > 0;
    }
    const last = authors.at(-1);
    if (last?.person === person) authors[authors.length - 1] = { ...last, end };
    else authors.push({ start, end, person });
    if (isRefused) refused.push((start + end) / 2);
  }
  return { authors, refused };
}

/** The entry under a place on the slider, as a share of its width from 0 to 1. */
export const seqAtShare = (count: number, share: number): number =>
  Math.min(Math.max(Math.floor(share * count) + 1, 1), Math.max(count, 1));

/** Where an entry stands on the slider: the middle of its stretch, as a share of its width. */
export const shareOfSeq = (count: number, seq: number): number => (count === 0 ? 0 : (seq - 0.5) / count);

/** Where a key on the slider leads; null where it means nothing there. */
export function seqAfterKey(key: string, seq: number, newest: number): number | null {
  const to = SEQ_AFTER_KEY[key]?.(seq, newest);
  return to === undefined ? null : Math.min(Math.max(to, 1), Math.max(newest, 1));
}

const back = (seq: number): number => seq - 1;
const on = (seq: number): number => seq + 1;

const SEQ_AFTER_KEY: Readonly<Record<string, (seq: number, newest: number) => number>> = {
  ArrowLeft: back,
  ArrowDown: back,
  ArrowRight: on,
  ArrowUp: on,
  PageDown: (seq) => seq - 10,
  PageUp: (seq) => seq + 10,
  Home: () => 1,
  End: (_seq, newest) => newest,
};

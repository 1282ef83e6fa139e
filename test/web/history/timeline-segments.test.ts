import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  segmentsOf,
  seqAfterKey,
  seqAtShare,
  shareOfSeq,
} from '../../../src/web/history/timeline-segments.ts';
import { timelineOf } from './build-timeline.ts';

describe('segments', () => {
  test('neighbours by one author are one piece', () => {
    const { authors } = segmentsOf(timelineOf('ddrrrd'), 60);
    expect(authors).toEqual([
      { start: 0, end: 20, person: 0 },
      { start: 20, end: 50, person: 1 },
      { start: 50, end: 60, person: 0 },
    ]);
  });

  test('on one pixel the author of most entries has it', () => {
    const { authors } = segmentsOf(timelineOf('drrroooodood'), 2);
    expect(authors.map(({ person }) => person)).toEqual([1, 2]);
  });

  test('what was refused is marked where it was', () => {
    expect(segmentsOf(timelineOf('drRd'), 40).refused).toEqual([25]);
    expect(segmentsOf(timelineOf('rR'.repeat(5_000)), 100).refused).toHaveLength(100);
  });

  test('there are no more pieces than pixels, side by side over the whole width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('d', 'r', 'o', 'R'), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 120 }),
        (letters, width) => {
          const { authors, refused } = segmentsOf(timelineOf(letters.join('')), width);
          expect(authors.length).toBeLessThanOrEqual(Math.min(width, letters.length));
          expect(refused.length).toBeLessThanOrEqual(width);
          expect(authors[0]?.start).toBe(0);
          expect(authors.at(-1)?.end).toBeCloseTo(width);
          for (const [at, { start, person }] of authors.entries()) {
            if (at === 0) continue;
            expect(start).toBeCloseTo(authors[at - 1]?.end ?? Number.NaN);
            expect(person).not.toBe(authors[at - 1]?.person);
          }
        },
      ),
    );
  });

  test('an empty timeline, or one that has no place, is nothing', () => {
    expect(segmentsOf(timelineOf(''), 100)).toEqual({ authors: [], refused: [] });
    expect(segmentsOf(timelineOf('dd'), 0).authors).toEqual([]);
  });
});

describe('places', () => {
  test('every entry is found again where it stands', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), (count, some) => {
        const seq = (some % count) + 1;
        expect(seqAtShare(count, shareOfSeq(count, seq))).toBe(seq);
      }),
    );
    expect(seqAtShare(10, -0.5)).toBe(1);
    expect(seqAtShare(10, 1)).toBe(10);
  });

  test('keys', () => {
    const after = (key: string) => seqAfterKey(key, 50, 55);
    expect(['ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp', 'Home', 'End', 'a'].map(after)).toEqual([
      49,
      51,
      40,
      55,
      1,
      55,
      null,
    ]);
    expect(seqAfterKey('ArrowLeft', 1, 55)).toBe(1);
  });
});

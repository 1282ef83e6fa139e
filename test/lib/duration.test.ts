import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/lib/duration.ts';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

describe('a duration', () => {
  test.each([
    ['45s', 45_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
    ['3650d', 315_360_000_000],
    ['007d', 604_800_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: ms });
  });

  test.each([
    '',
    'h',
    '12',
    '12 h',
    ' 12h',
    '12h ',
    '12H',
    '1.5h',
    '-1h',
    '+1h',
    '1h30m',
    '12hours',
    '1e3s',
    '٣h',
    '1w',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toEqual({
      ok: false,
      reason: 'a duration is a whole number and s, m, h or d: 45s, 30m, 12h, 7d',
    });
  });

  test('is longer than nothing and at most ten years', () => {
    expect(parseDuration('0h')).toMatchObject({ ok: false });
    expect(parseDuration('3651d')).toMatchObject({ ok: false });
    expect(parseDuration('999999999d')).toMatchObject({ ok: false });
    expect(parseDuration(`${'9'.repeat(400)}s`)).toMatchObject({ ok: false });
  });

  test('is its number times its unit', () => {
    const unit = fc.constantFrom<keyof typeof UNITS>('s', 'm', 'h', 'd');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_650 }), unit, (count, letter) => {
        expect(parseDuration(`${count}${letter}`)).toEqual({
          ok: true,
          value: count * UNITS[letter],
        });
      }),
    );
  });
});

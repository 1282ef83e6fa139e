import { expect, test } from 'vitest';
import { fit, plain, plainValue, widthOf } from '../../src/cli/plain-text.ts';
import { parseMoment } from '../../src/cli/moment.ts';
import { renderTable } from '../../src/cli/table.ts';

test('columns stand under each other, numbers on the right, wide letters counted, empty columns left out', () => {
  const columns = [{ title: 'Name' }, { title: 'Empty' }, { title: 'Net', align: 'right' as const }];
  expect(
    renderTable(columns, [
      ['Bolt', '', '1.50'],
      ['北野', '', '1200.00'],
    ]),
  ).toEqual(['Name      Net', 'Bolt     1.50', '北野  1200.00']);
});

test('long text is cut, with a sign that it is', () => {
  expect(renderTable([{ title: 'T', widthMax: 6 }], [['a long title']])[1]).toBe('a lon…');
  expect(fit('北野精機', 5)).toBe('北野…');
  expect(widthOf('e\u0301')).toBe(1);
});

test('text of others stays on its line and moves nothing', () => {
  expect(plain('a\r\n\tb\u001B[2Jc\u202Ed')).toBe('a / b\u{fffd}[2Jc\u{fffd}d');
  expect([plainValue(null), plainValue(true), plainValue('x')]).toEqual(['empty', 'true', '"x"']);
});

test('a moment is the number of an entry or a time', () => {
  expect(parseMoment('12')).toEqual({ ok: true, value: { kind: 'seq', seq: 12 } });
  expect(parseMoment('2026-03-01')).toEqual({ ok: true, value: { kind: 'time', at: Date.UTC(2026, 2, 1) } });
  expect(parseMoment('2026-03-01T12:00:00+01:00')).toMatchObject({ value: { at: Date.UTC(2026, 2, 1, 11) } });
  for (const text of ['', 'noon', '-1', '1.5', '2026-13-01', '2026-03-01Tx']) {
    expect(parseMoment(text), text).toMatchObject({ ok: false });
  }
});

// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { present } from '../../../src/lib/assert.ts';
import { GridCell } from '../../../src/web/grid/grid-cell.tsx';
import { gridColumns } from '../../../src/web/grid/grid-columns.ts';
import { openGridPage } from './grid-page.tsx';

async function openCell(id: string, cells: Readonly<Record<string, string>>) {
  const page = await openGridPage([cells]);
  const column = present(
    gridColumns([]).find((one) => one.id === id),
    'the column is there',
  );
  page.show(<GridCell row="l1" column={column} at={2} />);
  act(() => page.at('l1', id));
  const input = (): HTMLInputElement => screen.getByRole('textbox');
  const type = (text: string): void => {
    fireEvent.change(input(), { target: { value: text } });
  };
  return { ...page, input, type, cell: () => screen.getByRole('gridcell') };
}

test('typing is shown at once, and Enter commits it as one write', async () => {
  const { editing, input, type, cell, changes, column, store } = await openCell('name', { name: 'Roller' });
  expect(cell().textContent).toBe('Roller');
  act(() => editing.open('B'));
  expect([input().value, document.activeElement]).toEqual(['B', input()]);
  type('Belt');
  expect([input().value, changes()]).toEqual(['Belt', 0]);
  fireEvent.keyDown(input(), { key: 'Enter' });
  expect([changes(), column('name'), store.draft()]).toEqual([1, ['Belt'], null]);
  expect(cell().textContent).toBe('Belt');
  expect(document.activeElement).toBe(screen.getByRole('grid'));
});

test('Escape takes back what was typed', async () => {
  const { editing, input, type, cell, changes } = await openCell('name', { name: 'Roller' });
  act(() => editing.open());
  type('Roller x');
  fireEvent.keyDown(input(), { key: 'Escape' });
  expect([cell().textContent, changes(), screen.queryByRole('textbox')]).toEqual(['Roller', 0, null]);
});

test('keys of an input method at work are its own: nothing is committed or taken back', async () => {
  const { editing, input, type, changes } = await openCell('name', { name: 'Roller' });
  act(() => editing.open(''));
  fireEvent.compositionStart(input());
  type('にほ');
  for (const key of ['Enter', 'Escape', 'Tab']) fireEvent.keyDown(input(), { key, isComposing: true });
  expect([input().value, changes()]).toEqual(['にほ', 0]);
  type('日本');
  fireEvent.compositionEnd(input());
  fireEvent.keyDown(input(), { key: 'Enter' });
  expect(changes()).toBe(1);
});

test('what the rules would refuse is not sent: the draft stays, and the cell says why', async () => {
  const { editing, input, type, changes, column } = await openCell('discountPercent', {
    discountPercent: '5',
  });
  act(() => editing.open(''));
  type('60');
  fireEvent.keyDown(input(), { key: 'Enter' });
  expect([input().value, input().getAttribute('aria-invalid'), changes()]).toEqual(['60', 'true', 0]);
  expect(screen.getByRole('status').textContent).toMatch(/discount/i);
  type('7');
  expect(screen.queryByRole('status')).toBeNull();
  fireEvent.keyDown(input(), { key: 'Enter' });
  expect(column('discountPercent')).toEqual(['7']);
});

test('what somebody else writes meanwhile is told below, and takes nothing away', async () => {
  const { editing, input, type, quote } = await openCell('name', { name: 'Roller' });
  act(() => editing.open());
  type('Belt');
  act(() => void quote.doc.getMap('lineItems').set('l1/name', 'Chain'));
  await waitFor(() => expect(screen.getByRole('status').textContent).toContain('Changed to Chain'));
  expect(input().value).toBe('Belt');
});

test('text that a person typed is text', async () => {
  const { cell } = await openCell('name', { name: '<img src=x onerror=alert(1)>' });
  expect(cell().textContent).toBe('<img src=x onerror=alert(1)>');
  expect(cell().querySelector('img')).toBeNull();
});

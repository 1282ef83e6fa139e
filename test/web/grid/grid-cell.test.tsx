// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { present } from '../../../src/lib/assert.ts';
import { GridCell } from '../../../src/web/grid/grid-cell.tsx';
import { gridColumns } from '../../../src/web/grid/grid-columns.ts';
import { policyOf } from '../../support/star.ts';
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
  expect([input().selectionStart, input().selectionEnd]).toEqual([0, 2]);
  expect(fireEvent.mouseDown(input(), { detail: 1 }), 'a click leaves it selected').toBe(false);
  expect(fireEvent.mouseDown(input(), { detail: 2 })).toBe(true);
  type('7');
  expect(screen.queryByRole('status')).toBeNull();
  fireEvent.keyDown(input(), { key: 'Enter' });
  expect(column('discountPercent')).toEqual(['7']);
});

test('a refusal that holds no more is taken back, and one that holds is all that is said', async () => {
  const { editing, input, type, quote, server } = await openCell('discountPercent', { discountPercent: '5' });
  const dana = { id: 'dana', name: 'Dana', role: 'vp_sales' };
  const cell = 'lineItems/l1/discountPercent';
  const learn = (standing: readonly object[]): void => {
    const { json } = policyOf({ leaseSeconds: 10 });
    server.sendEvent({ type: 'rules', revision: 0, policy: json, standing } as { readonly type: string });
  };
  const says = (words: RegExp) =>
    waitFor(() =>
      expect(screen.getAllByRole('status').map(({ textContent }) => textContent)).toEqual([
        expect.stringMatching(words),
      ]),
    );
  act(() => editing.open(''));
  type('7');
  learn([]);
  server.sendPresence(new Map([[99, { clock: 1, state: { user: dana, cell, editing: cell } }]]));
  await waitFor(() => expect(quote.foresight.askOpen(cell).kind).toBe('closed'));
  fireEvent.keyDown(input(), { key: 'Enter' });
  await says(/Dana .* is editing this cell/);
  learn([{ cell, by: dana }]);
  server.sendPresence(new Map([[99, { clock: 2, state: null }]]));
  await says(/Dana .* set this/);
  expect(screen.queryByRole('tooltip')).toBeNull();
  learn([]);
  await waitFor(() => expect(screen.queryByRole('status')).toBeNull());
  expect(input().value).toBe('7');
});

test('a price has the decimals of its currency, and more where it has more', async () => {
  const { cell, quote } = await openCell('unitPrice', { unitPrice: '24500' });
  expect(cell().textContent).toBe('24,500.00');
  act(() => void quote.setCell('fields/currency', 'JPY'));
  expect(cell().textContent).toBe('24,500');
  act(() => void quote.setCell('lineItems/l1/unitPrice', '0.8525'));
  expect(cell().textContent).toBe('0.8525');
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

// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { cellWithFocus } from '../../../../src/web/room/cell-history/cell-here.ts';

afterEach(() => document.body.replaceChildren());

function page(html: string, focused: string): string | null {
  document.body.innerHTML = html;
  document.querySelector<HTMLElement>(focused)?.focus();
  return cellWithFocus(document);
}

test('the cell around the focus', () => {
  expect(page('<div data-cell="fields/customer"><input></div>', 'input')).toBe('fields/customer');
});

test('the cell that the grid names as its cursor, not its first one', () => {
  const cell = (id: string): string => `<div id="c-${id}"><div data-cell="lineItems/l1/${id}"></div></div>`;
  const grid = `<div role="grid" tabindex="0" aria-activedescendant="c-quantity">${cell('name')}${cell('quantity')}</div>`;
  expect(page(grid, '[role=grid]')).toBe('lineItems/l1/quantity');
});

test('elsewhere there is none', () => {
  expect(page('<button></button><div data-cell="fields/title"></div>', 'button')).toBe(null);
});

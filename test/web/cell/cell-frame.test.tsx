// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { present } from '../../../src/lib/assert.ts';
import { CellFrame } from '../../../src/web/cell/cell-frame.tsx';
import { VerdictPopover } from '../../../src/web/cell/verdict-popover.tsx';
import { openGridPage } from '../grid/grid-page.tsx';

const DISCOUNT = 'lineItems/l1/discountPercent';
const dana = { id: 'dana', name: 'Dana', role: 'vp_sales' } as const;

async function openFrame() {
  const page = await openGridPage([{ name: 'Roller', discountPercent: '12' }]);
  page.show(
    <CellFrame cell={DISCOUNT}>
      <input aria-label="Discount" />
      <VerdictPopover cell={DISCOUNT} />
    </CellFrame>,
  );
  const input = screen.getByRole('textbox');
  const frame = present(input.closest<HTMLElement>('[data-cell]'), 'the input is in the frame');
  const refuse = async (): Promise<void> => {
    page.server.sendEvent({
      type: 'refused',
      revision: 3,
      writes: [{ cell: DISCOUNT, reason: 'authority_overridden', by: dana, kept: '12', offered: '15' }],
    });
    await waitFor(() => expect(frame.dataset['verdict']).toBe('refused'));
  };
  return { ...page, input, frame, refuse };
}

test('a refused write is told at its cell by name, old and new, until it is dismissed', async () => {
  const { refuse, frame } = await openFrame();
  await refuse();
  expect(screen.getByText(/Dana/).textContent).toBe('Dana (VP Sales) set Discount to 12 %. Yours: 15 %.');
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect([frame.dataset['verdict'], screen.queryByText(/Dana/)]).toEqual([undefined, null]);
});

test('Escape in the cell puts the verdict aside, and it took no focus', async () => {
  const { refuse, input, frame } = await openFrame();
  act(() => input.focus());
  await refuse();
  expect(document.activeElement).toBe(input);
  fireEvent.keyDown(input, { key: 'Escape' });
  expect(frame.dataset['verdict']).toBeUndefined();
});

test('a colleague in the cell is named, once whatever the number of their tabs', async () => {
  const { server, frame } = await openFrame();
  const state = { user: dana, cell: DISCOUNT, editing: null };
  server.sendPresence(
    new Map([
      [7, { clock: 1, state }],
      [8, { clock: 1, state }],
    ]),
  );
  await waitFor(() => expect(frame.querySelector('[data-others]')?.textContent).toBe('Dana'));
  expect(frame.querySelector('[data-others]')?.getAttribute('data-others')).toBe('1');
});

test('a cell that is closed to this person says so, and why when it is pointed at', async () => {
  const { frame, quote } = await openFrame();
  act(() => void quote.doc.getMap('fields').set('status', 'approved'));
  await waitFor(() => expect(frame.dataset['locked']).toBe('true'));
  const answer = quote.foresight.askOpen(DISCOUNT);
  fireEvent.pointerEnter(frame);
  const why = present(answer.kind === 'closed' ? answer.message : null, 'the cell is closed');
  expect((await screen.findByText(why)).textContent).toBe(why);
});

// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { CellFrame } from '../../../../src/web/cell/cell-frame.tsx';
import { VerdictPopover } from '../../../../src/web/cell/verdict-popover.tsx';
import type { ConflictJson } from '../../../../src/wire/session-schemas.ts';
import { openGridPage } from '../../grid/grid-page.tsx';

const QUANTITY = 'lineItems/l1/quantity';
const ada = { id: 'ada', name: 'Ada', role: 'sales_rep' } as const;
const bo = { id: 'bo', name: 'Bo', role: 'sales_rep' } as const;

const CONFLICT: ConflictJson = {
  n: 1,
  cell: QUANTITY,
  since: 0,
  settlesAt: 900_000,
  kept: { by: ada, value: '20', revision: 2 },
  parked: [{ by: bo, value: '30', revision: 3, at: 0 }],
  mayChoose: true,
};

async function openPage() {
  const page = await openGridPage([{ name: 'Roller', quantity: '20' }]);
  const { conflicts } = page.room;
  const tell = async (told: readonly ConflictJson[]): Promise<void> => {
    const heard = new Promise((resolve) => page.quote.on('conflicts', resolve));
    page.server.sendEvent({ type: 'conflicts', conflicts: [...told] });
    await heard;
  };
  return { ...page, conflicts, tell };
}

test('a cell hears of its own conflict only, and only when it is another', async () => {
  const { conflicts, tell } = await openPage();
  const heard = vi.fn<() => void>();
  conflicts.observe(QUANTITY, heard);
  await tell([CONFLICT, { ...CONFLICT, n: 2, cell: 'fields/paymentTerms' }]);
  expect(heard).toHaveBeenCalledTimes(1);
  const before = conflicts.on(QUANTITY);
  await tell([CONFLICT]);
  expect([heard.mock.calls.length, conflicts.on(QUANTITY) === before]).toEqual([1, true]);
  await tell([{ ...CONFLICT, openedBy: ada }]);
  expect([heard.mock.calls.length, conflicts.on(QUANTITY)?.openedBy]).toEqual([2, ada]);
  await tell([]);
  expect([heard.mock.calls.length, conflicts.on(QUANTITY), conflicts.all()]).toEqual([3, null, []]);
});

test('a parked write is told by its conflict and by no verdict beside it, and goes with it', async () => {
  const { server, room, tell, show } = await openPage();
  show(
    <CellFrame cell={QUANTITY}>
      <input aria-label="Quantity" />
      <VerdictPopover cell={QUANTITY} />
    </CellFrame>,
  );
  server.sendEvent({
    type: 'refused',
    revision: 3,
    writes: [{ cell: QUANTITY, reason: 'held', by: ada, kept: '20', offered: '30' }],
  });
  await tell([CONFLICT]);
  await screen.findByRole('button', { name: 'Two values: 20 (Ada) is kept, 30 (you) waits' });
  const frame = screen.getByRole('textbox').closest<HTMLElement>('[data-cell]');
  expect([frame?.dataset['verdict'], frame?.dataset['conflict']]).toEqual([undefined, '1']);
  expect(screen.queryByText(/Yours: 30/)).toBeNull();
  await screen.findByText('Yours waits: Ada was first.');

  await tell([]);
  await waitFor(() => expect(frame?.dataset['conflict']).toBeUndefined());
  expect([frame?.dataset['verdict'], room.marks.cells()]).toEqual([undefined, []]);
});

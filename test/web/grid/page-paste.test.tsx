// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { usePagePaste } from '../../../src/web/grid/use-page-paste.ts';

function Page({ isEnabled, onPaste }: { readonly isEnabled: boolean; readonly onPaste: () => void }) {
  usePagePaste(isEnabled, onPaste);
  return (
    <>
      <main>
        <p>No lines yet</p>
        <input aria-label="Customer" />
        <div role="grid" aria-label="Lines" tabIndex={0} />
      </main>
      <aside>Activity</aside>
    </>
  );
}

test('a paste that no field and no grid takes is the page’s', () => {
  let pasted = 0;
  const onPaste = (): void => void (pasted += 1);
  const { rerender, unmount } = render(<Page isEnabled onPaste={onPaste} />);
  for (const label of ['Customer', 'Lines']) fireEvent.paste(screen.getByLabelText(label));
  fireEvent.paste(screen.getByText('Activity'));
  expect(pasted).toBe(0);
  fireEvent.paste(document.body);
  fireEvent.paste(screen.getByText('No lines yet'));
  expect(pasted).toBe(2);
  rerender(<Page isEnabled={false} onPaste={onPaste} />);
  fireEvent.paste(document.body);
  expect(pasted, 'nothing is taken of who may not edit').toBe(2);
  unmount();
});

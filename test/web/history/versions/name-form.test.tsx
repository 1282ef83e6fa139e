// @vitest-environment happy-dom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { expect, onTestFinished, test } from 'vitest';
import { NameForm } from '../../../../src/web/history/versions/name-form.tsx';
import '../../../support/patience.ts';

function show(onName: (name: string) => Promise<void>): HTMLInputElement {
  onTestFinished(cleanup);
  render(
    <MantineProvider env="test">
      <NameForm label="Name the quote as of entry 3" action="Name it" onName={onName} />
    </MantineProvider>,
  );
  return screen.getByRole<HTMLInputElement>('textbox', { name: 'Name the quote as of entry 3' });
}

const submit = (): boolean => fireEvent.click(screen.getByRole('button', { name: 'Name it' }));

test('a name is given without the blanks around it, and the field is free for another', async () => {
  const named: string[] = [];
  const input = show(async (name) => void named.push(name));
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Name it' }).disabled).toBe(true);
  fireEvent.change(input, { target: { value: '  Sent to ACME ' } });
  submit();
  await expect.poll(() => input.value).toBe('');
  expect(named).toEqual(['Sent to ACME']);
});

test('a name that is taken stays in the field, with the reason', async () => {
  const input = show(() => Promise.reject(new Error('There is a version "Sent" already.')));
  fireEvent.change(input, { target: { value: 'Sent' } });
  submit();
  expect((await screen.findByRole('alert')).textContent).toBe('There is a version "Sent" already.');
  expect([input.value, input.getAttribute('aria-invalid')]).toEqual(['Sent', 'true']);
});

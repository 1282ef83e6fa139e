// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { expect, test } from 'vitest';
import { lazyPart } from '../../../src/web/app/lazy-part.ts';
import '../../support/patience.ts';

test('code that does not come while the server restarts comes later; the rest goes on meanwhile', async () => {
  let asked = 0;
  const Part = lazyPart(async () => {
    asked += 1;
    if (asked < 3) throw new TypeError('Failed to fetch dynamically imported module');
    return () => <p>It is here.</p>;
  });
  render(
    <>
      <p>The page</p>
      <Suspense fallback={null}>
        <Part />
      </Suspense>
    </>,
  );
  expect(screen.queryByText('It is here.')).toBeNull();
  await screen.findByText('It is here.');
  expect(screen.getByText('The page')).toBeDefined();
  expect(asked).toBe(3);
});

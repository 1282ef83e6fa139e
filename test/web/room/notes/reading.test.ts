import { expect, it } from 'vitest';
import { createListeners } from '../../../../src/web/room/listeners.ts';
import { createReading } from '../../../../src/web/room/notes/reading.ts';

it('reads once until it changes, also before it is observed', () => {
  const listeners = createListeners<'all'>();
  let source = 'one';
  let heard = 0;
  const reading = createReading(
    () => ({ source }),
    (listener) => listeners.add('all', listener),
  );
  const first = reading.read();
  expect(reading.read()).toBe(first);

  source = 'two';
  listeners.call('all');
  const end = reading.observe(() => {
    heard += 1;
  });
  expect(reading.read()).toEqual({ source: 'two' });

  source = 'three';
  listeners.call('all');
  expect([heard, reading.read().source]).toEqual([1, 'three']);
  end();
  listeners.call('all');
  expect(heard).toBe(1);
});

import { expect, test } from 'vitest';
import { createProgressTracker } from '../../src/client/progress-tracker.ts';

test('edits of a former visit are unsent until the first sync step 2 is settled', () => {
  const tracker = createProgressTracker(() => undefined, 3);
  expect(tracker.state()).toMatchObject({ kind: 'offline', unsent: 3 });
  tracker.advance({ kind: 'opened' });
  tracker.advance({ kind: 'permitted', permission: 'editor' });
  tracker.advance({ kind: 'sent', frame: 'step2' });
  expect(tracker.state()).toEqual({ kind: 'saving', pending: 3 });
  tracker.advance({ kind: 'lost', because: null });
  expect(tracker.state()).toMatchObject({ kind: 'offline', unsent: 3 });
  tracker.advance({ kind: 'opened' });
  tracker.advance({ kind: 'sent', frame: 'step2' });
  tracker.advance({ kind: 'acked', frames: 1 });
  expect(tracker.state()).toEqual({ kind: 'saved', confirmed: true });
});

import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Course, type Place, createCourse } from '../../src/audit/course.ts';
import type { WriteVerdict } from '../../src/authority/verdict.ts';
import type { Role } from '../../src/authority/role.ts';
import { present } from '../../src/lib/assert.ts';
import type { CellId } from '../../src/lib/ids.ts';
import type { EntryKind } from '../../src/log/log.ts';
import { buildDraft, buildWrite, userId } from '../support/build-entry.ts';

const TITLE = 'fields/title' as CellId;

interface Played {
  readonly user: string;
  readonly role?: Role;
  readonly kind?: EntryKind;
  readonly merged?: Uint8Array;
  readonly write?: Partial<WriteVerdict>;
}

function play(...entries: readonly Played[]): Course {
  const course = createCourse(new Y.Doc());
  for (const [
    index,
    { user, role = 'sales_rep', kind = 'update', merged = null, write },
  ] of entries.entries()) {
    course.play(
      buildDraft({
        seq: index + 1,
        at: 1_000 * (index + 1),
        actor: { user: userId(user), role, permission: 'editor' },
        kind,
        merged,
        writes: write === undefined ? [] : [buildWrite({ cell: TITLE, ...write })],
      }),
    );
  }
  return course;
}

const placeAfter = (...entries: readonly Played[]): Place =>
  present(play(...entries).places.get(TITLE) ?? null, 'something was written');

const set = (before: string | null, applied: string | null): Partial<WriteVerdict> => ({
  before,
  applied,
  offered: applied,
});
const refused = (offered: string, stays: string | null): Partial<WriteVerdict> => ({
  before: stays,
  offered,
  applied: stays,
  verdict: 'refused',
  reason: 'authority_overridden',
  by: { user: userId('max'), role: 'sales_manager' },
});
const held = (offered: string, stays: string | null): Partial<WriteVerdict> => ({
  ...refused(offered, stays),
  verdict: 'held',
  reason: 'held',
});

test('the last write that stood, and the last other value', () => {
  const place = placeAfter({ user: 'ann', write: set(null, 'A') }, { user: 'bob', write: set('A', 'B') });
  expect(place).toMatchObject({
    standing: { change: { seq: 2, at: 2_000, user: 'bob', role: 'sales_rep' }, value: 'B' },
    replaced: { change: { seq: 1, user: 'ann' }, value: 'A' },
    before: 'A',
    lost: [],
  });
});

test('the same value again is the newer write, and has the older one before it', () => {
  const place = placeAfter({ user: 'ann', write: set(null, 'A') }, { user: 'bob', write: set('A', 'A') });
  expect(place).toMatchObject({ standing: { change: { seq: 2 } }, before: null });
});

test('what was refused and held since is kept, until somebody else has the cell', () => {
  const tries = [
    { user: 'max', write: set(null, 'M') },
    { user: 'ann', write: refused('A', 'M') },
    { user: 'bob', write: held('B', 'M') },
  ];
  const lost = [
    { user: 'ann', verdict: 'refused', reason: 'authority_overridden', offered: 'A' },
    { user: 'bob', verdict: 'held', reason: 'held', offered: 'B' },
  ];
  expect(placeAfter(...tries)).toMatchObject({ standing: { change: { user: 'max' } }, lost, lostCount: 2 });
  const again = placeAfter(...tries, { user: 'max', write: set('M', 'M2') });
  expect(again).toMatchObject({ standing: { change: { seq: 4 } }, before: 'M', lost, lostCount: 2 });
  const others = placeAfter(...tries, { user: 'zoe', write: set('M', 'Z') });
  expect(others).toMatchObject({ replaced: { change: { user: 'max' } }, lost: [], lostCount: 0 });
});

test('a refused write that nothing stood before leaves a place without an author', () => {
  const first = { ...refused('A', null), by: null, reason: 'not_permitted' } as const;
  expect(placeAfter({ user: 'vic', write: first })).toMatchObject({
    standing: null,
    lost: [{ user: 'vic' }],
  });
});

test('of many in vain the newest 20 are kept, and all are counted', () => {
  const tries = Array.from({ length: 25 }, (_, n) => ({ user: 'ann', write: refused(`A${n}`, 'M') }));
  const { lost, lostCount } = placeAfter({ user: 'max', write: set(null, 'M') }, ...tries);
  expect(lost).toHaveLength(20);
  expect(lost.at(-1)).toMatchObject({ offered: 'A24' });
  expect(lostCount).toBe(25);
});

test('who was held and not chosen lost by the choice; the chosen one did not', () => {
  const tries = [
    { user: 'ann', write: set(null, 'A') },
    { user: 'bob', write: held('B', 'A') },
    { user: 'cat', write: held('C', 'A') },
  ];
  const chosen = placeAfter(...tries, { user: 'bob', kind: 'settle', write: set('A', 'B') });
  expect(chosen).toMatchObject({
    standing: { change: { user: 'bob', seq: 4 }, value: 'B' },
    lost: [{ user: 'cat', verdict: 'held', offered: 'C' }],
    lostCount: 1,
  });
});

test('a refused removal that brings the row back stands for the one whom it was refused for', () => {
  const REMOVED = 'lineItems/l1/removed' as CellId;
  const course = play(
    { user: 'ann', write: { cell: REMOVED, before: null, offered: true, applied: true } },
    { user: 'bob', write: { ...refused('true', null), cell: REMOVED, before: true, offered: true } },
  );
  expect(course.places.get(REMOVED)).toMatchObject({
    standing: { change: { seq: 2, user: 'max', role: 'sales_manager' }, value: null },
    lost: [{ user: 'bob', offered: true }],
  });
});

test('an entry changed the texts that are others after it', () => {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => void updates.push(update));
  doc.getText('note/n1').insert(0, 'one');
  doc.getText('note/n2').insert(0, 'two');
  doc.getText('note/n1').format(0, 1, { bold: true });
  doc.getText('note/n1').delete(0, 1);
  const course = play(...updates.map((merged, index) => ({ user: `u${index + 1}`, merged })));
  expect(course.places.get('note/n1' as CellId)).toMatchObject({
    standing: { change: { user: 'u4' } },
    replaced: { change: { user: 'u1' } },
  });
  expect(course.places.get('note/n2' as CellId)?.standing?.change.user).toBe('u2');
  expect(course.doc.getText('note/n1').toString()).toBe('ne');
});

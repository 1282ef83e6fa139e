import { expect, it } from 'vitest';
import { createPanelState } from '../../../../src/web/room/panel/panel-state.ts';

function createStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

const start = { tab: 'activity', startsOpen: true };

it('begins as it is told, and then as the person left it', () => {
  const storage = createStorage();
  const first = createPanelState(storage, start);
  expect(first.state()).toEqual({ tab: 'activity', isOpen: true });
  first.show('people');
  first.close();
  expect(createPanelState(storage, start).state()).toEqual({ tab: 'people', isOpen: false });
});

it('tells of each change', () => {
  const panel = createPanelState(createStorage(), start);
  const heard: boolean[] = [];
  const off = panel.observe(() => heard.push(panel.state().isOpen));
  panel.close();
  panel.show('people');
  off();
  panel.close();
  expect(heard).toEqual([false, true]);
});

it('ignores what it did not write', () => {
  const storage = createStorage();
  storage.setItem('quoteroom.panel', '{"tab":1}');
  expect(createPanelState(storage, start).state()).toEqual({ tab: 'activity', isOpen: true });
});

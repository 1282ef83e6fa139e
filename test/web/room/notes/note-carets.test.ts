import { expect, it } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { caretsIn } from '../../../../src/web/room/notes/note-carets.ts';
import { NO_FORMATS, readFormatsOn } from '../../../../src/web/room/notes/note-formats.ts';

function openAwareness(): Awareness {
  const awareness = new Awareness(new Y.Doc());
  clearInterval(awareness._checkInterval);
  return awareness;
}

const caretAt = (tname: unknown) => ({ anchor: { tname }, head: { tname } });

it('shows carets of this note, and everybody else without one', () => {
  const awareness = openAwareness();
  awareness.states.set(1, { user: { name: 'Ada' }, cursor: caretAt('note/n1') });
  awareness.states.set(2, { user: { name: 'Bob' }, cursor: caretAt('note/n2') });
  awareness.states.set(3, { cursor: caretAt({}) });
  awareness.states.set(4, { cursor: 'nonsense' });
  const states = caretsIn('n1', awareness).getStates();
  expect(states.get(1)).toEqual({ user: { name: 'Ada' }, cursor: caretAt('note/n1') });
  expect([2, 3, 4].map((client) => states.get(client)?.['cursor'])).toEqual([null, null, null]);
  expect(states.get(2)?.['user']).toEqual({ name: 'Bob' });
});

it('tells presence of the own caret, and hears of the others', () => {
  const awareness = openAwareness();
  const carets = caretsIn('n1', awareness);
  const heard: string[] = [];
  const onChange = (): void => void heard.push('change');
  carets.on('change', onChange);
  carets.setLocalStateField('cursor', caretAt('note/n1'));
  expect(awareness.getLocalState()?.['cursor']).toEqual(caretAt('note/n1'));
  carets.off('change', onChange);
  awareness.setLocalStateField('cursor', null);
  expect(heard).toEqual(['change']);
});

it('reads which formats are on, and counts what differs within a selection as off', () => {
  expect(readFormatsOn({})).toEqual(NO_FORMATS);
  expect(readFormatsOn({ bold: true, italic: [true, false], list: 'bullet', color: 'red' })).toEqual({
    ...NO_FORMATS,
    bold: true,
    list: 'bullet',
  });
  expect(readFormatsOn({ list: 'checked' }).list).toBeNull();
});

import { describe, expect, test } from 'vitest';
import { type GridCommand, commandOf } from '../../../src/web/grid/grid-keys.ts';

function press(keys: string): GridCommand | null {
  const parts = keys.split(' ');
  const has = (name: string): boolean => parts.slice(0, -1).includes(name);
  const last = parts.at(-1) ?? '';
  return commandOf({
    key: last === 'Space' ? ' ' : last,
    shiftKey: has('Shift'),
    ctrlKey: has('Ctrl'),
    metaKey: has('Meta'),
    altKey: has('Alt'),
  });
}

describe('a key in the grid', () => {
  test.each<[string, GridCommand]>([
    ['ArrowDown', { kind: 'move', direction: 'down', extend: false }],
    ['Shift ArrowLeft', { kind: 'move', direction: 'left', extend: true }],
    ['Ctrl End', { kind: 'move', direction: 'end', extend: false }],
    ['Ctrl Shift Home', { kind: 'move', direction: 'start', extend: true }],
    ['Tab', { kind: 'tab', by: 1 }],
    ['Shift Tab', { kind: 'tab', by: -1 }],
    ['Enter', { kind: 'edit' }],
    ['Shift Enter', { kind: 'move', direction: 'up', extend: false }],
    ['F2', { kind: 'edit' }],
    ['7', { kind: 'type', text: '7', isComposing: false }],
    ['Shift A', { kind: 'type', text: 'A', isComposing: false }],
    ['Ctrl Alt €', { kind: 'type', text: '€', isComposing: false }],
    ['Process', { kind: 'type', text: '', isComposing: true }],
    ['Space', { kind: 'toggle' }],
    ['Shift Space', { kind: 'select_rows' }],
    ['Alt ArrowUp', { kind: 'move_rows', by: -1 }],
    ['Delete', { kind: 'clear' }],
    ['Ctrl Backspace', { kind: 'remove_rows' }],
    ['Ctrl Enter', { kind: 'insert_below' }],
    ['Ctrl d', { kind: 'fill_down' }],
    ['Meta z', { kind: 'undo' }],
    ['Ctrl Shift Z', { kind: 'redo' }],
    ['Ctrl y', { kind: 'redo' }],
    ['Ctrl a', { kind: 'select_all' }],
    ['Shift F10', { kind: 'menu' }],
    ['Escape', { kind: 'escape' }],
  ])('%s', (keys, command) => {
    expect(press(keys)).toEqual(command);
  });

  test.each(['Ctrl c', 'Ctrl v', 'Ctrl k', 'F5', 'Shift', 'Alt F4', 'Ctrl Shift d'])(
    '%s is not its own',
    (keys) => {
      expect(press(keys)).toBeNull();
    },
  );
});

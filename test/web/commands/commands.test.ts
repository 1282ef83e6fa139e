import { describe, expect, test } from 'vitest';
import { type Command, createCommandList } from '../../../src/web/commands/commands.ts';
import { findEntries } from '../../../src/web/commands/find-entries.ts';
import { GRID_KEYS } from '../../../src/web/commands/grid-keys-shown.ts';
import { type PressedKey, isPressed, keyNames } from '../../../src/web/commands/keys.ts';
import { lineCommands } from '../../../src/web/commands/line-commands.ts';
import { commandFor } from '../../../src/web/commands/use-shortcuts.ts';
import { commandOf } from '../../../src/web/grid/grid-keys.ts';

const command = (id: string, more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'Quote',
  run: () => undefined,
  ...more,
});

const pressed = (keys: string): PressedKey => {
  const parts = keys.split('+');
  return {
    key: parts.at(-1) ?? '',
    ctrlKey: parts.includes('Mod'),
    metaKey: false,
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
  };
};

/** What the browser says of a letter that is pressed without Shift. */
const withSmallLetter = (keys: string): string => keys.replace(/\+[A-Z]$/, (key) => key.toLowerCase());

describe('the list', () => {
  test('is in order of the groups, and the same until it changes', () => {
    const list = createCommandList();
    const seen: number[] = [];
    list.observe(() => seen.push(list.all().length));
    list.register(command('print'));
    const end = list.register(command('add', { group: 'Lines' }));
    expect(list.all().map(({ id }) => id)).toEqual(['add', 'print']);
    expect(list.all()).toBe(list.all());
    end();
    end();
    expect(list.all().map(({ id }) => id)).toEqual(['print']);
    expect(seen).toEqual([1, 2, 1]);
  });

  test('a later command of the same id takes the place, and the first cannot take it out', () => {
    const list = createCommandList();
    const end = list.register(command('theme', { title: 'Dark' }));
    list.register(command('theme', { title: 'Light' }));
    end();
    expect(list.all().map(({ title }) => title)).toEqual(['Light']);
  });
});

describe('keys', () => {
  test('are what they say, with their modifiers and no others', () => {
    expect(isPressed('Mod+K', pressed('Mod+k'))).toBe(true);
    expect(isPressed('Mod+K', { ...pressed('k'), metaKey: true })).toBe(true);
    for (const other of ['k', 'Mod+Shift+K', 'Mod+Alt+k', 'Mod+j']) {
      expect(isPressed('Mod+K', pressed(other))).toBe(false);
    }
    expect(isPressed('?', pressed('Shift+?'))).toBe(true);
    expect(isPressed('Mod+/', pressed('Mod+Shift+/'))).toBe(true);
    expect(isPressed('Alt+ArrowUp', pressed('Alt+ArrowUp'))).toBe(true);
  });

  test('are named as on the keyboard', () => {
    expect(keyNames('Mod+Shift+E', false)).toEqual(['Ctrl', 'Shift', 'E']);
    expect(keyNames('Mod+Alt+ArrowUp', true)).toEqual(['⌘', '⌥', '↑']);
  });

  test('of the grid are the grid’s, and plain keys are text where somebody types', () => {
    const commands = [
      command('help', { keys: ['?', 'Mod+/'] }),
      command('undo', { keys: ['Mod+Z'] }),
      command('fill', { keys: ['Mod+D'], listener: 'grid' }),
    ];
    const found = (keys: string, isInText = false) =>
      commandFor(commands, pressed(keys), isInText)?.id ?? null;
    expect([found('?'), found('Mod+/'), found('Mod+z'), found('Mod+D')]).toEqual([
      'help',
      'help',
      'undo',
      null,
    ]);
    expect([found('?', true), found('Mod+/', true), found('Mod+z', true)]).toEqual([null, 'help', null]);
  });
});

describe('every key of the grid that is shown is one', () => {
  test.each(GRID_KEYS.filter(({ kind }) => kind !== null))('$title', ({ keys, kind }) => {
    for (const each of keys)
      expect(commandOf(pressed(withSmallLetter(each)))).toMatchObject({
        kind,
      });
  });

  test('also those of its commands', () => {
    const tool = () => undefined;
    const tools = {
      hasSelection: () => true,
      add: tool,
      insertBelow: tool,
      duplicate: tool,
      remove: tool,
      nudge: tool,
      fillDown: tool,
    };
    const kinds = lineCommands(tools).flatMap(({ keys = [], listener }) =>
      listener === 'grid' ? keys.map((each) => commandOf(pressed(withSmallLetter(each)))?.kind) : [],
    );
    expect(kinds).toEqual(['insert_below', 'remove_rows', 'move_rows', 'move_rows', 'fill_down']);
  });
});

describe('finding', () => {
  const commands = [
    command('a', { title: 'Add a line' }),
    command('b', { title: 'Export the lines as CSV', words: 'excel' }),
    command('c', { title: 'Line up' }),
  ];
  const lines = [
    { id: 'l1', cells: { name: 'Roller 80 x 1200', sku: 'R-80' } },
    { id: 'l2', cells: { name: 'Belt', sku: 'B-2' } },
    { id: 'l3', cells: {} },
  ];
  const find = (query: string) =>
    findEntries(query, commands, lines).map((entry) => (entry.kind === 'line' ? entry.id : entry.command.id));

  test('without words there are all commands, as they come', () =>
    expect(find(' ')).toEqual(['a', 'b', 'c']));

  test('what begins with the words comes first', () => {
    expect(find('line')).toEqual(['c', 'a', 'b']);
    expect(find('EXCEL')).toEqual(['b']);
    expect(find('csv export')).toEqual(['b']);
  });

  test('lines are found by name, SKU and number', () => {
    expect(find('roller 1200')).toEqual(['l1']);
    expect(find('b-2')).toEqual(['l2']);
    expect(find('3')).toEqual(['l3']);
    expect(find('nothing')).toEqual([]);
  });
});

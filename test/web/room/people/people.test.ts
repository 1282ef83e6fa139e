import { describe, expect, it } from 'vitest';
import type { OtherPresence } from '../../../../src/client/connect-quote.ts';
import { peopleHere } from '../../../../src/web/room/people/people-here.ts';
import { questionBefore } from '../../../../src/web/room/people/permission-words.ts';
import { placeOf, whereabouts } from '../../../../src/web/room/people/whereabouts.ts';

const other = (clientId: number, name: string, more: Partial<OtherPresence> = {}): OtherPresence => ({
  clientId,
  user: { id: name.toLowerCase(), name, role: 'sales_rep' },
  ...more,
});

describe('peopleHere', () => {
  it('shows everybody once, by name, in the tab where they do most, and not the reader', () => {
    const here = peopleHere(
      [
        other(1, 'Rita', { status: 'away' }),
        other(2, 'Bob'),
        other(3, 'Rita', { editing: 'fields/title' }),
        other(4, 'Me'),
        other(5, 'Rita', { cell: 'fields/title' }),
      ],
      'me',
    );
    expect(here.map(({ clientId }) => clientId)).toEqual([2, 3]);
  });
});

describe('whereabouts', () => {
  it.each([
    [{}, 'viewing', null],
    [{ cell: 'fields/title' }, 'at <fields/title>', 'fields/title'],
    [{ cell: 'fields/title', editing: 'fields/owner' }, 'editing <fields/owner>', 'fields/owner'],
    [{ cell: 'note/n1' }, 'writing a note', 'note/n1'],
    [{ cell: 'fields/title', status: 'idle' }, 'idle', 'fields/title'],
    [{ editing: 'fields/title', status: 'away' }, 'away', 'fields/title'],
    [{ cell: null, editing: null, status: null }, 'viewing', null],
    [{ editing: 'your approval, Vera said yes', cell: 'fields' }, 'viewing', 'your approval, Vera said yes'],
  ])('%j is %s', (presence, words, place) => {
    expect(whereabouts(presence, (cell) => `<${cell}>`)).toBe(words);
    expect(placeOf(presence)).toBe(place);
  });

  it('says since when somebody is idle or away, where that is known', () => {
    const words = (status: string) => whereabouts({ status }, (cell) => cell, '14:02');
    expect([words('idle'), words('away'), words('busy')]).toEqual([
      'idle since 14:02',
      'away since 14:02',
      'viewing',
    ]);
  });
});

describe('questionBefore', () => {
  it('asks before somebody is shut out, and before a host gives their own place up', () => {
    expect(questionBefore('none', { name: 'Rita', isMe: false })).toMatch(/^Remove Rita/);
    expect(questionBefore('none', { name: 'Rita', isMe: true })).toMatch(/^Remove yourself/);
    expect(questionBefore('editor', { name: 'Rita', isMe: true })).toMatch(/^Give up/);
    expect(questionBefore('editor', { name: 'Rita', isMe: false })).toBeNull();
    expect(questionBefore('default', { name: 'Rita', isMe: false })).toBeNull();
    expect(questionBefore('host', { name: 'Rita', isMe: true })).toBeNull();
  });
});

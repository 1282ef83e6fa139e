import { expect, it } from 'vitest';
import { ANNOUNCED_EVERY_MS, createAnnouncer } from '../../../../src/web/room/header/announce.ts';

function start() {
  let time = 0;
  let pending: { readonly at: number; readonly run: () => void } | null = null;
  const heard: string[] = [];
  const announcer = createAnnouncer({
    now: () => time,
    after(ms, run) {
      pending = { at: time + ms, run };
      return () => {
        pending = null;
      };
    },
    announce: (text) => heard.push(text),
  });
  return {
    announcer,
    heard,
    pass(ms: number) {
      time += ms;
      if (pending === null || pending.at > time) return;
      const { run } = pending;
      pending = null;
      run();
    },
  };
}

it('says the first thing at once, and then only the newest after five seconds', () => {
  const { announcer, heard, pass } = start();
  announcer.say('Saved');
  announcer.say('Saving…');
  announcer.say('Reconnecting…');
  expect(heard).toEqual(['Saved']);
  pass(ANNOUNCED_EVERY_MS - 1);
  expect(heard).toEqual(['Saved']);
  pass(1);
  expect(heard).toEqual(['Saved', 'Reconnecting…']);
});

it('does not repeat what it said last', () => {
  const { announcer, heard, pass } = start();
  announcer.say('Saved');
  announcer.say('Saving…');
  announcer.say('Saved');
  pass(ANNOUNCED_EVERY_MS);
  expect(heard).toEqual(['Saved']);
});

it('says nothing for an empty text, nor after it was closed', () => {
  const { announcer, heard, pass } = start();
  announcer.say('');
  announcer.say('Saved');
  announcer.say('Offline');
  announcer.close();
  pass(ANNOUNCED_EVERY_MS);
  expect(heard).toEqual(['Saved']);
});

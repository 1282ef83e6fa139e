import type { GivenSetting } from './settings-problems.ts';

/** Settings that are read and checked, but that nothing hangs on so far. */
const WITHOUT_EFFECT = [/^limits\.chatPerMinute$/];

/** Those that somebody set, with where: `session.idleMinutes (quoteroom.yaml)`. */
export const ineffectiveSettings = (given: ReadonlyMap<string, GivenSetting>): string[] =>
  [...given]
    .filter(([name]) => WITHOUT_EFFECT.some((pattern) => pattern.test(name)))
    .map(([name, { from }]) => `${name} (${from})`);

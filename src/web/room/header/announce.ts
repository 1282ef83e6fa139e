/** What a screen reader is told of the pill: the newest news, at most once in a while, and nothing twice in a row. */
export interface Announcer {
  say(text: string): void;
  close(): void;
}

export interface AnnouncerDeps {
  /** Monotone, in ms. */
  readonly now: () => number;
  /** Calls back once; returns the function that calls it off. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly announce: (text: string) => void;
}

export const ANNOUNCED_EVERY_MS = 5_000;

export function createAnnouncer({ now, after, announce }: AnnouncerDeps): Announcer {
  let announced: { readonly text: string; readonly at: number } | null = null;
  let waiting = '';
  let callOff: (() => void) | null = null;

  function speak(): void {
    callOff = null;
    if (waiting === '' || waiting === announced?.text) return;
    announced = { text: waiting, at: now() };
    announce(waiting);
  }

  return {
    say(text) {
      if (text === '') return;
      waiting = text;
      if (callOff !== null) return;
      const rest = announced === null ? 0 : announced.at + ANNOUNCED_EVERY_MS - now();
      if (rest <= 0) speak();
      else callOff = after(rest, speak);
    },
    close() {
      callOff?.();
      callOff = null;
    },
  };
}

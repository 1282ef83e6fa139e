import type Quill from 'quill/core.js';
import { NOTE_FORMATS } from './note-formats.ts';
import type { TextRun } from './note-lines.ts';

/**
 * The editor as the binding writes to it. A stock client may put into a note what Quill cannot show: formats that bear the
 * names of Quill's own parts, which it throws at, and carriage returns, which it takes for nothing. Those stay in the
 * document and off the screen. Not a character more or less: else whatever is typed behind would go to the wrong place.
 */
export function takingAnyText(quill: Quill): Quill {
  return Object.assign(Object.create(quill) as Quill, {
    // The binding gives itself as the source, to know its own changes again.
    setContents(runs: readonly TextRun[], source: 'api') {
      quill.setContents(showable(runs), source);
    },
    updateContents(runs: readonly TextRun[], source: 'api') {
      quill.updateContents(showable(runs), source);
    },
  });
}

/** Quill would make one line break of `\r\n`, which is two characters. */
const UNSEEN = '\u200b';

const showable = (runs: readonly TextRun[]): Extract<Parameters<Quill['setContents']>[0], unknown[]> =>
  runs.map(({ insert, attributes, ...run }) => ({
    ...run,
    ...(typeof insert === 'string' && { insert: insert.replaceAll('\r', UNSEEN) }),
    ...(attributes !== undefined && { attributes: showableFormats(attributes) }),
  }));

/** A value that is none takes the format away. */
const showableFormats = (formats: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    NOTE_FORMATS.filter((name) => Object.hasOwn(formats, name)).map((name) => [
      name,
      isShowable(name, formats[name]) ? formats[name] : null,
    ]),
  );

const isShowable = (name: (typeof NOTE_FORMATS)[number], value: unknown): boolean =>
  value === false || (name === 'list' ? value === 'bullet' || value === 'ordered' : value === true);

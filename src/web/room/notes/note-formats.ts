/**
 * What a note can be besides text, as Quill names it. All of it is a plain value on a piece of text, as the gate takes it: no
 * pictures and no embeds, and no links, whose address could be a script; what is pasted keeps its words.
 */
export const NOTE_FORMATS = ['bold', 'italic', 'underline', 'strike', 'list'] as const;

/** What is switched on where the caret is. */
export interface NoteFormatsOn {
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly list: 'bullet' | 'ordered' | null;
}

export const NO_FORMATS: NoteFormatsOn = {
  bold: false,
  italic: false,
  underline: false,
  strike: false,
  list: null,
};

/** Reads what Quill says of the selection; where it differs within, Quill gives a list of values, which counts as off. */
export function readFormatsOn(formats: Readonly<Record<string, unknown>>): NoteFormatsOn {
  const { list } = formats;
  return {
    bold: formats['bold'] === true,
    italic: formats['italic'] === true,
    underline: formats['underline'] === true,
    strike: formats['strike'] === true,
    list: list === 'bullet' || list === 'ordered' ? list : null,
  };
}

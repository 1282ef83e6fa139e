/** A note's text as it is shown before it is opened: lines, each of pieces with their formats. Everything in it is text. */
export interface NoteLine {
  readonly list: 'bullet' | 'ordered' | null;
  readonly pieces: readonly NotePiece[];
}

export interface NotePiece {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
}

/** One run of `Y.Text`'s delta. */
export interface TextRun {
  readonly insert?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** As Quill has it: the format of a line stands on the line break that ends it. Empty lines at the end are left out. */
export function readNoteLines(runs: readonly TextRun[]): readonly NoteLine[] {
  const lines: NoteLine[] = [];
  let pieces: NotePiece[] = [];
  for (const { insert, attributes = {} } of runs) {
    if (typeof insert !== 'string') continue;
    insert.split('\n').forEach((text, index) => {
      if (index > 0) {
        lines.push({ list: listOf(attributes['list']), pieces });
        pieces = [];
      }
      if (text !== '') pieces.push(pieceOf(text, attributes));
    });
  }
  lines.push({ list: null, pieces });
  const last = lines.findLastIndex((line) => line.pieces.length > 0);
  return lines.slice(0, last + 1);
}

const listOf = (list: unknown): NoteLine['list'] => (list === 'bullet' || list === 'ordered' ? list : null);

const pieceOf = (text: string, formats: Readonly<Record<string, unknown>>): NotePiece => ({
  text,
  bold: formats['bold'] === true,
  italic: formats['italic'] === true,
  underline: formats['underline'] === true,
  strike: formats['strike'] === true,
});

/** Each numbered line's number: they count on until a line of another kind comes. */
export function numberLines(lines: readonly NoteLine[]): readonly (number | null)[] {
  let number = 0;
  return lines.map(({ list }) => {
    number = list === 'ordered' ? number + 1 : 0;
    return list === 'ordered' ? number : null;
  });
}

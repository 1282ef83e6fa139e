import type { Row } from '../../client/connect-quote.ts';
import type { Command } from './commands.ts';

/** What the palette offers: a command, or a line to go to. */
export type PaletteEntry =
  | { readonly kind: 'command'; readonly command: Command }
  | {
      readonly kind: 'line';
      readonly id: string;
      readonly number: number;
      readonly name: string;
      readonly sku: string;
    };

/** Lines that are offered at once; who wants another one types more. */
const LINES_MAX = 20;

/**
 * What fits the words that were typed: every one of them, anywhere, in any order; what begins with them comes first.
 * Without words all commands, and no lines.
 */
export function findEntries(
  query: string,
  commands: readonly Command[],
  lines: readonly Row[],
): readonly PaletteEntry[] {
  const words = wordsOf(query);
  const fitting = commands
    .map((command) => ({ command, rank: rankOf(words, `${command.title} ${command.words ?? ''}`) }))
    .filter(({ rank }) => rank > 0);
  const found: PaletteEntry[] = fitting
    .toSorted((a, b) => (words.length === 0 ? 0 : b.rank - a.rank))
    .map(({ command }) => ({ kind: 'command', command }));
  return words.length === 0 ? found : [...found, ...findLines(words, lines)];
}

function findLines(words: readonly string[], lines: readonly Row[]): PaletteEntry[] {
  return lines
    .map(({ id, cells }, index) => {
      const [name, sku] = [textOf(cells['name']), textOf(cells['sku'])];
      const number = index + 1;
      const isNumber = words.length === 1 && words[0] === String(number);
      const rank = isNumber
        ? BEST
        : Math.max(rankOf(words, `${name} ${sku}`), rankOf(words, `${sku} ${name}`));
      return { entry: { kind: 'line', id, number, name, sku } as const, rank };
    })
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, LINES_MAX)
    .map(({ entry }) => entry);
}

const BEST = 3;

/** 3: begins so; 2: a word begins so; 1: it is in there; 0: not. */
function rankOf(words: readonly string[], text: string): number {
  const low = text.toLowerCase();
  if (!words.every((word) => low.includes(word))) return 0;
  const first = words[0] ?? '';
  if (low.startsWith(first)) return BEST;
  return low.includes(` ${first}`) ? 2 : 1;
}

const wordsOf = (query: string): string[] =>
  query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

import type { DecimalSign } from '../../quote/import-result.ts';
import { formatAmount } from '../../quote/format-amount.ts';
import type { ImportReading } from './read-import.ts';

/** What a person said to what the file leaves open; null: nothing yet. */
export interface ImportChoices {
  readonly decimal: DecimalSign | null;
  readonly missing: 'fine' | null;
  readonly refused: 'leave_out' | 'offer' | null;
}

export const NO_CHOICES: ImportChoices = { decimal: null, missing: null, refused: null };

export interface Question {
  readonly id: keyof ImportChoices;
  readonly text: string;
  readonly answers: readonly Answer[];
  readonly chosen: string | null;
  /** Why nothing can be created before it is answered. */
  readonly blocks: string;
}

export interface Answer {
  readonly label: string;
  readonly choice: Partial<ImportChoices>;
  readonly value: string;
}

/** `refused` counts the values that the importer's role may not set, `isLastWord` if the server said so. */
export function questionsOf(
  { doubt, missing, noun }: ImportReading,
  refused: { readonly count: number; readonly isLastWord: boolean },
  choices: ImportChoices,
): Question[] {
  return [
    ...(doubt === null ? [] : [askDecimal(doubt, noun, choices)]),
    ...(missing.length === 0 ? [] : [askMissing(missing, noun, choices)]),
    ...(refused.count === 0 ? [] : [askRefused(refused, choices)]),
  ];
}

function askDecimal(
  doubt: NonNullable<ImportReading['doubt']>,
  noun: ImportReading['noun'],
  { decimal }: ImportChoices,
): Question {
  const { text, line, column, readings } = doubt;
  return {
    id: 'decimal',
    text: `\u{201c}${text}\u{201d} in line ${line}, ${column}, may mean two numbers, and nothing in the ${noun} tells which.`,
    answers: (['.', ','] as const).map((sign) => ({
      value: sign,
      // Not in the reader's own signs, which are just what is in question.
      label: `It is ${formatAmount(readings[sign] ?? text, 'en')}`,
      choice: { decimal: sign },
    })),
    chosen: decimal,
    blocks: `Say what \u{201c}${text}\u{201d} means.`,
  };
}

function askMissing(
  missing: ImportReading['missing'],
  noun: ImportReading['noun'],
  choices: ImportChoices,
): Question {
  const [what, without] =
    missing.length === 2
      ? ['the quantity or the price', 'the quote would cost 0']
      : missing[0] === 'quantity'
        ? ['the quantity', 'each line counts once']
        : ['the price', 'each line costs 0'];
  return {
    id: 'missing',
    text: `No column was recognized as ${what}, so ${without}.`,
    answers: [{ value: 'fine', label: 'Import it all the same', choice: { missing: 'fine' } }],
    chosen: choices.missing,
    blocks: `Confirm that no column is ${what}, or rename one in the ${noun}.`,
  };
}

function askRefused(
  { count, isLastWord }: { readonly count: number; readonly isLastWord: boolean },
  { refused }: ImportChoices,
): Question {
  const values = count === 1 ? 'One value is' : `${count} values are`;
  const them = count === 1 ? 'it' : 'them';
  return {
    id: 'refused',
    text: `${values} more than your role may set, marked below.`,
    answers: [
      { value: 'leave_out', label: `Leave ${them} out`, choice: { refused: 'leave_out' } },
      ...(isLastWord
        ? []
        : [{ value: 'offer', label: 'Ask the server all the same', choice: { refused: 'offer' } } as const]),
    ],
    chosen: refused,
    blocks: `Say what to do with the ${count === 1 ? 'value' : 'values'} that your role may not set.`,
  };
}

import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import type { ConflictJson } from '../wire/session-schemas.ts';
import { VIEWS } from './action-ids.ts';
import { plain } from './blocks.ts';
import { personWords, valueWords } from './words.ts';

/** The choice in a held conflict: what is kept, what was parked, or another value. For those who may choose. */
const choiceStateSchema = z.object({
  quote: z.string(),
  n: z.number().int(),
  cell: z.string(),
  /** The revision that the chooser was shown. */
  revision: z.number().int().min(0),
});
export type ChoiceState = z.infer<typeof choiceStateSchema>;

export function parseChoiceState(text: unknown): ChoiceState | null {
  try {
    const parsed = choiceStateSchema.safeParse(JSON.parse(String(text)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export const CHOICE_BLOCK = 'choice';
export const OTHER_BLOCK = 'other';
const KEPT = 'kept';
const OTHER = 'other';
const PARKED_MAX = 8;

export function renderChooseModal(state: ChoiceState, what: string, conflict: ConflictJson): ModalView {
  const option = (value: string, text: string) => ({ text: plain(text, 75), value });
  const options = [
    option(
      KEPT,
      `${valueWords(state.cell, conflict.kept.value)} (${personWords(conflict.kept.by.name, conflict.kept.by.role)}, first)`,
    ),
    ...conflict.parked
      .slice(-PARKED_MAX)
      .map(({ by, value, revision }) =>
        option(
          String(revision),
          `${valueWords(state.cell, value ?? null)} (${personWords(by.name, by.role)})`,
        ),
      ),
    option(OTHER, 'Another value, below'),
  ];
  const blocks: KnownBlock[] = [
    {
      type: 'input',
      block_id: CHOICE_BLOCK,
      label: plain(`${what}: which value is it to be?`, 2_000),
      element: { type: 'radio_buttons', action_id: 'value', options },
    },
    {
      type: 'input',
      block_id: OTHER_BLOCK,
      optional: true,
      label: plain('Another value'),
      element: { type: 'plain_text_input', action_id: 'value' },
    },
  ];
  return {
    type: 'modal',
    callback_id: VIEWS.choose,
    private_metadata: JSON.stringify(state),
    title: plain('Settle a conflict', 24),
    submit: plain('Choose', 24),
    close: plain('Not now', 24),
    // Whoever does not choose looks at it no more.
    notify_on_close: true,
    blocks,
  };
}

const submittedSchema = z.object({
  [CHOICE_BLOCK]: z.object({
    value: z.object({ selected_option: z.object({ value: z.string() }).nullish() }),
  }),
  [OTHER_BLOCK]: z.object({ value: z.object({ value: z.string().nullish() }) }),
});

export type Chosen =
  | { readonly kind: 'kept' }
  | { readonly kind: 'parked'; readonly revision: number }
  | { readonly kind: 'other'; readonly text: string };

/** Null where nothing was chosen. */
export function readChoice(values: unknown): Chosen | null {
  const parsed = submittedSchema.safeParse(values);
  const picked = parsed.success ? parsed.data[CHOICE_BLOCK].value.selected_option?.value : undefined;
  if (!parsed.success || picked === undefined) return null;
  if (picked === KEPT) return { kind: 'kept' };
  if (picked === OTHER) return { kind: 'other', text: parsed.data[OTHER_BLOCK].value.value ?? '' };
  return { kind: 'parked', revision: Number(picked) };
}

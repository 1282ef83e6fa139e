import { z } from 'zod';
import { type Result, fail, ok } from '../lib/result.ts';
import type { CellWrite } from './write-cells.ts';
import { parseInputName } from './edit-modal.ts';
import { readTypedValue } from './typed-value.ts';

/** What a person changed in the modal: inputs that hold something else than they began with, and nothing more. */
export interface Submission {
  readonly writes: readonly SubmittedWrite[];
  /** What could not be read, by the input. */
  readonly errors: Readonly<Record<string, string>>;
}

/** With the revision that its author was shown, and the input that it came from. */
export interface SubmittedWrite extends CellWrite {
  readonly revision: number;
  readonly input: string;
}

const optionSchema = z.object({ value: z.string() }).nullish();
const viewSchema = z.object({
  blocks: z.array(
    z.object({
      type: z.string(),
      block_id: z.string().optional(),
      element: z
        .object({
          type: z.string(),
          initial_value: z.string().optional(),
          initial_date: z.string().optional(),
          initial_option: optionSchema,
        })
        .optional()
        .catch(undefined),
    }),
  ),
  state: z.object({
    values: z.record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          value: z.string().nullish(),
          selected_date: z.string().nullish(),
          selected_option: optionSchema,
        }),
      ),
    ),
  }),
});

export function readSubmission(view: unknown): Result<Submission> {
  const parsed = viewSchema.safeParse(view);
  if (!parsed.success) return fail('the form came back in another shape');
  const writes: SubmittedWrite[] = [];
  const errors: Record<string, string> = {};
  for (const { type, block_id: input = '', element } of parsed.data.blocks) {
    const named = parseInputName(input);
    if (type !== 'input' || named === null || element === undefined) continue;
    const before = element.initial_value ?? element.initial_date ?? element.initial_option?.value ?? '';
    const [state] = Object.values(parsed.data.state.values[input] ?? {});
    const after = state?.value ?? state?.selected_date ?? state?.selected_option?.value ?? '';
    if (state === undefined || after.trim() === before.trim()) continue;
    const value = readTypedValue(named.cell, after);
    if (value.ok) writes.push({ ...named, input, value: value.value });
    else errors[input] = sentence(value.reason);
  }
  return ok({ writes, errors });
}

const sentence = (reason: string): string => `This ${reason}.`;

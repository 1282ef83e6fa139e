import { z } from 'zod';
import type { SubmittedView } from './submit-modal.ts';

/** What Slack sends, as far as we look at it. It is signed, and still nobody's promise: what has another form is refused. */

const userSchema = z.object({ id: z.string(), team_id: z.string().nullish() });
const teamSchema = z.object({ id: z.string() }).nullish();
const viewSchema = z.object({
  id: z.string(),
  hash: z.string(),
  callback_id: z.string(),
  private_metadata: z.string(),
  blocks: z.array(z.unknown()),
  state: z.object({ values: z.unknown() }),
}) satisfies z.ZodType<SubmittedView>;
export const commandSchema = z.object({
  user_id: z.string(),
  team_id: z.string(),
  channel_id: z.string(),
  text: z.string().optional(),
  trigger_id: z.string(),
});
export const actionBodySchema = z.object({
  user: userSchema,
  team: teamSchema,
  trigger_id: z.string(),
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ thread_ts: z.string().optional() }).optional(),
  view: viewSchema.optional(),
});
export const actionSchema = z.object({
  action_id: z.string(),
  value: z.string().optional(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
export const suggestionSchema = z.object({
  user: userSchema,
  team: teamSchema,
  view: viewSchema,
  value: z.string().nullish(),
});
export const submissionSchema = z.object({ user: userSchema, team: teamSchema, view: viewSchema });
export const closedSchema = z.object({
  user: userSchema,
  team: teamSchema,
  view: z.object({ private_metadata: z.string() }),
});
export const eventSchema = z.object({ event_id: z.string() });
/** Most events name their channel by its id, that of a new name says more. */
export const channelEventSchema = z.object({
  channel: z
    .union([
      z.string().transform((id) => ({ id, name: null })),
      z.object({ id: z.string().nullable(), name: z.string().nullable().default(null) }),
    ])
    .catch({ id: null, name: null }),
});

export type PressedButton = z.infer<typeof actionBodySchema>;
export type SubmittedForm = z.infer<typeof submissionSchema>;
export type EventChannel = z.infer<typeof channelEventSchema>['channel'];

/** The workspace of whoever did it, which need not be the one where it was done. */
export const teamOf = ({
  user,
  team,
}: {
  readonly user: z.infer<typeof userSchema>;
  readonly team?: z.infer<typeof teamSchema>;
}): string | null => user.team_id ?? team?.id ?? null;

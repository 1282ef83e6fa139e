import { z } from 'zod';
import { time } from './user-schema.ts';

/** What people see of Slack, as it goes over HTTP. Times are ms since 1970. */

export const slackLinkPathSchema = z.object({ code: z.string() });

export const slackAccountSchema = z.object({
  name: z.string().describe('What the account is called in Slack'),
  workspace: z.string().describe('The workspace of Slack that it belongs to'),
});
export type SlackAccountJson = z.infer<typeof slackAccountSchema>;

const mirrorSchema = z.object({
  channel: z.string().describe('Without the sign before it: `deals`'),
  state: z
    .enum(['live', 'paused', 'ending', 'ended'])
    .describe('`paused`: Slack refuses the channel, which is tried again. `ending`: its session is over'),
  why: z.string().nullable().describe('Why it is paused or ended, for a person'),
  since: time.describe('When it came into this state'),
});
export type MirrorJson = z.infer<typeof mirrorSchema>;

export const mirrorsSchema = z.object({ mirrors: z.array(mirrorSchema) });

import { EVENTS_PATH } from '../slack/registered.ts';
import type { SlackSettings } from './settings.ts';

/** Where Slack calls a server that people reach at `url`, for an admin to compare with the app's page; null without Slack. */
export function slackAddress(slack: SlackSettings, url: string): string | null {
  if (slack.kind === 'off') return null;
  if (slack.appToken !== null) return 'Slack: Socket Mode.';
  const calls = `Slack calls ${url}${EVENTS_PATH}`;
  return url.startsWith('https:') ? `${calls}.` : `${calls}, but it takes https only: see docs/slack.md.`;
}

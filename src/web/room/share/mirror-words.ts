import type { MirrorJson } from '../../../wire/slack-schemas.ts';
import { timeAgo } from '../../words/time-ago.ts';

const DAY_MS = 24 * 3_600_000;

/** What is over for longer than a day is nobody's news. */
export const isOfInterest = ({ state, since }: MirrorJson, now: number): boolean =>
  state !== 'ended' || now - since < DAY_MS;

/** "live", "paused: Slack refuses the channel: is_archived. It is tried again every 15 minutes.", "ended 5 min ago: ..." */
export function mirrorWords({ state, why, since }: MirrorJson, now: number, locale?: string): string {
  const reason = why === null ? '' : `: ${why}`;
  switch (state) {
    case 'live':
      return 'live';
    case 'paused':
      return `paused${reason}. It is tried again every 15 minutes.`;
    case 'ending':
      return 'ending';
    default:
      return `ended ${timeAgo(since, now, locale)}${reason}`;
  }
}

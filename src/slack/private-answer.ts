import type { MessageContent } from './blocks.ts';
import type { OutboxMessage } from './sqlite-outbox.ts';

/** Where somebody asked. */
export interface Asked {
  readonly channel: string;
  /** In Slack. */
  readonly user: string;
  readonly thread: string | null;
}

/** An answer for one person, where they asked. In a direct message there is nobody else to see it. */
export const privateAnswer = ({ channel, user, thread }: Asked, content: MessageContent): OutboxMessage =>
  channel.startsWith('D')
    ? { kind: 'direct', user, ...content }
    : { kind: 'private', channel, user, thread, ...content };

import { z } from 'zod';

/**
 * What the tabs of one browser tell each other, on a channel that only pages of this origin hear. Session storage belongs
 * to one tab, so a quote opened in a new tab would ask for a sign-in again: it asks its neighbours instead.
 */
const tabMessageSchema = z.discriminatedUnion('kind', [
  /** A tab without a sign-in asks who has one. */
  z.object({ kind: z.literal('ask') }),
  /** Somebody is signed in, or was just now. */
  z.object({ kind: z.literal('here'), token: z.string() }),
  z.object({ kind: z.literal('left'), user: z.string() }),
]);
export type TabMessage = z.infer<typeof tabMessageSchema>;

export interface TabChannel {
  tell(message: TabMessage): void;
  listen(listener: (message: TabMessage) => void): void;
}

/** Where the browser has no such channel, a tab is alone. */
export function openTabChannel(name: string): TabChannel {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
  return {
    tell: (message) => channel?.postMessage(message),
    listen(listener) {
      channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const parsed = tabMessageSchema.safeParse(data);
        if (parsed.success) listener(parsed.data);
      });
    },
  };
}

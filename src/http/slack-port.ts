import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '../lib/result.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';

/** What the server has to do with Slack, where it is switched on; `slack/` stands behind it. */
export interface SlackPort {
  /** Slack calls: the request with its body as it came, for the signature. Answers by itself, also what is not signed. */
  receive(request: IncomingMessage & { readonly rawBody: Buffer }, response: ServerResponse): void;
  /** Whom a code for linking an account is about; null where it is unknown, used or has run out. */
  lookUpLink(code: string): Promise<SlackAccount | null>;
  /**
   * The Slack account is this person's from now on. `dead`: as where `lookUpLink` gives null. `has_account`: their e-mail is that of
   * another Slack account, so this is somebody else's link.
   */
  acceptLink(code: string, user: UserId): Promise<Result<SlackAccount, 'dead' | 'has_account'>>;
  /** No Slack account is this person's by a link any more. */
  unlink(user: UserId): void;
  /** Where a quote is shown in Slack, newest first. */
  mirrorsOf(quote: QuoteId): readonly MirrorState[];
}

export interface SlackAccount {
  /** As it is called in Slack. */
  readonly name: string;
  readonly workspace: string;
}

export interface MirrorState {
  /** Without the sign before it: `deals`. */
  readonly channel: string;
  readonly state: 'live' | 'paused' | 'ending' | 'ended';
  /** Why it is paused or ended, for a person. */
  readonly why: string | null;
  /** ms since 1970 */
  readonly since: number;
}

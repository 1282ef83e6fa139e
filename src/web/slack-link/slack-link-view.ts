import type { SlackAccountJson } from '../../wire/slack-schemas.ts';
import { ApiError } from '../api/api.ts';

/**
 * What `/slack/link/:code` shows. Nothing is connected before the person has seen which account it is, and said yes:
 *
 *     loading -> asking -> connecting -> connected
 *                   \-> declined
 *     loading, connecting -> dead, offline, failed -> loading
 */
export type SlackLinkView =
  | { readonly kind: 'loading' | 'declined' | 'dead' | 'offline' }
  | { readonly kind: 'asking' | 'connecting' | 'connected'; readonly account: SlackAccountJson }
  /** `message` is the server's, for a person. */
  | { readonly kind: 'failed'; readonly message: string };

/** What is to be said when the server did not do it. `before`: what was shown until then. */
export function viewOfProblem(error: unknown, before: SlackLinkView): SlackLinkView {
  if (!(error instanceof ApiError)) return { kind: 'failed', message: String(error) };
  const { status, message } = error;
  switch (status) {
    case 0:
      return { kind: 'offline' };
    case 401:
      // The dialog above asks for a new sign-in; then this goes on, but connects nothing by itself.
      return before.kind === 'connecting' ? { ...before, kind: 'asking' } : before;
    case 404:
      return { kind: 'dead' };
    default:
      return { kind: 'failed', message };
  }
}

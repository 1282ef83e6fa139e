import { ApiError } from '../api/api.ts';

/** What `/join/:token` shows while it has not led to the quote. */
export type JoinView =
  | { readonly kind: 'joining' | 'dead' | 'offline' }
  /** `message` is the server's, for a person. */
  | { readonly kind: 'shut_out' | 'failed'; readonly message: string };

/** What is to be said when the server did not let this person in by their link. */
export function viewOfProblem(error: unknown): JoinView {
  if (!(error instanceof ApiError)) return { kind: 'failed', message: String(error) };
  const { status, message } = error;
  switch (status) {
    case 0:
      return { kind: 'offline' };
    case 401:
      // the dialog above asks for a new sign-in, and then this goes on
      return { kind: 'joining' };
    case 403:
      return { kind: 'shut_out', message };
    case 404:
      return { kind: 'dead' };
    default:
      return { kind: 'failed', message };
  }
}

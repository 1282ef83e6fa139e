/**
 * Why the server closes a WebSocket. 4400 to 4499 are final for y-websocket 3.1 (it does not reconnect);
 * all others are retried.
 */
export const closeCodes = {
  restart: 1012,
  tryAgain: 1013,
  malformed: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  noSuchQuote: 4404,
  sessionEnded: 4410,
  tooSlow: 4508,
  full: 4509,
  tooFast: 4529,
} as const;

/** A connection of which nobody said how it ended: RFC 6455, 7.1.5. */
export const ABNORMAL = 1006;

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

/** What a person is told whose connection is closed. The reason holds no content. */
export interface CloseReason {
  readonly code: CloseCode;
  readonly reason: string;
}

/** RFC 6455, section 5.5: a close frame holds 125 bytes, two of them the code. */
const REASON_BYTES_MAX = 123;

/** As much of a reason as a close frame holds, cut between characters. */
export function clipReason(reason: string): string {
  const bytes = new TextEncoder().encode(reason);
  if (bytes.length <= REASON_BYTES_MAX) return reason;
  return new TextDecoder().decode(bytes.slice(0, REASON_BYTES_MAX)).replace(/\uFFFD+$/u, '');
}

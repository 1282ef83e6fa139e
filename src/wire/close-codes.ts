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

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

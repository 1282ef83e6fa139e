import { closeCodes } from '../wire/close-codes.ts';

/** Why a connection ended, for a program (`kind`) and for a person (`message`). */
export interface Closure {
  readonly kind: ClosureKind;
  /** WebSocket close code; null where this side ended it. */
  readonly code: number | null;
  /** Final: this client does not reconnect by itself. See `QuoteClient.setToken` and `reconnect`. */
  readonly final: boolean;
  /** The server's own words; '' where it said nothing, or was not asked. */
  readonly detail: string;
  /** One or two sentences: what happened and what to do. */
  readonly message: string;
}

export type ClosureKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'no_such_quote'
  | 'session_ended'
  | 'refused'
  | 'restart'
  | 'try_again'
  | 'too_slow'
  | 'full'
  | 'too_fast'
  | 'network'
  | 'destroyed';

/** 4400 to 4499 are the server's final word, as y-websocket 3.1 has it; all others are retried. */
const isFinalCode = (code: number): boolean => code >= 4400 && code < 4500;

/** Explains a close frame. `detail` is the server's own reason, which may be empty. */
export function closureOf(code: number, detail: string): Closure {
  const said = detail === '' ? '' : ` (${detail})`;
  const of = (kind: ClosureKind, message: string): Closure => ({
    kind,
    code,
    final: isFinalCode(code),
    detail,
    message,
  });
  switch (code) {
    case closeCodes.malformed:
      return of(
        'malformed',
        `The server could not accept what this client sent${said}. Copy what you have not saved, then reload.`,
      );
    case closeCodes.unauthenticated:
      return of('unauthenticated', `Your sign-in is missing or has run out${said}. Sign in again to go on.`);
    case closeCodes.forbidden:
      return of('forbidden', `You have no access to this quote${said}. Ask one of its hosts for it.`);
    case closeCodes.noSuchQuote:
      return of('no_such_quote', `There is no such quote${said}. Check the link, or ask who sent it to you.`);
    case closeCodes.sessionEnded:
      return of(
        'session_ended',
        `This session was ended${said}. Join or start another one to go on editing.`,
      );
    case closeCodes.restart:
      return of('restart', 'The server is restarting. Your edits are kept here and sent when it is back.');
    case closeCodes.tryAgain:
      return of('try_again', `The server cannot take this connection right now${said}. Trying again.`);
    case closeCodes.tooSlow:
      return of('too_slow', 'Your connection could not keep up. Reconnecting to catch up.');
    case closeCodes.full:
      return of('full', `This quote is full${said}. Trying again until someone leaves.`);
    case closeCodes.tooFast:
      return of('too_fast', `Too many edits in a short time${said}. Reconnecting; please slow down.`);
    default:
      return isFinalCode(code)
        ? of(
            'refused',
            `The server ended this connection for good (code ${code})${said}. Reload to try again.`,
          )
        : of('network', 'The connection to the server was lost. Your edits are kept here; trying again.');
  }
}

/** No token could be had, so nothing was even tried. */
export const noToken = (problem: string): Closure => ({
  kind: 'unauthenticated',
  code: null,
  final: true,
  detail: '',
  message: `No sign-in token could be had (${problem}). Sign in again to go on.`,
});

export const destroyedHere: Closure = {
  kind: 'destroyed',
  code: null,
  final: true,
  detail: '',
  message: 'This client was destroyed. Connect again with connectQuote to go on.',
};

import type { Closure, SaveState } from '../../client/connect-quote.ts';

/** What `/q/:id` shows: the room, or the one thing that is to be said instead. */
export type RoomView =
  | { readonly kind: 'room' | 'loading' | 'unreachable' | 'full' | 'session_ended' }
  /** `isRemoval`: this person was in the room a moment ago. */
  | { readonly kind: 'forbidden'; readonly isRemoval: boolean; readonly detail: string }
  | { readonly kind: 'no_such_quote'; readonly unsent: number }
  /** The server takes no more from this copy. */
  | { readonly kind: 'stuck'; readonly detail: string; readonly unsent: number }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * While there is something to show and a hope to go on, that is the room: offline, without a right to edit, with a
 * sign-in that has run out. `isFilled`: there is a quote to show. `wasIn`: the server greeted this person.
 */
export function roomViewOf(
  state: SaveState,
  { isFilled, wasIn }: { readonly isFilled: boolean; readonly wasIn: boolean },
): RoomView {
  if (state.kind === 'readonly' && state.because.kind === 'closed') {
    return viewAfter(state.because.closure, { isFilled, wasIn, unsent: state.unsent });
  }
  if (isFilled) return { kind: 'room' };
  if (state.kind !== 'offline' || state.because === null) return { kind: 'loading' };
  return { kind: state.because.kind === 'full' ? 'full' : 'unreachable' };
}

function viewAfter(
  { kind, detail, message }: Closure,
  {
    isFilled,
    wasIn,
    unsent,
  }: { readonly isFilled: boolean; readonly wasIn: boolean; readonly unsent: number },
): RoomView {
  switch (kind) {
    case 'forbidden':
      return { kind, isRemoval: wasIn, detail };
    case 'no_such_quote':
      return { kind, unsent };
    case 'session_ended':
      return { kind };
    case 'malformed':
      return { kind: 'stuck', detail, unsent };
    case 'unauthenticated':
    case 'destroyed':
      return { kind: isFilled ? 'room' : 'loading' };
    default:
      return { kind: 'refused', message };
  }
}

/** The server's own words as a sentence: "you may only view this quote" becomes "You may only view this quote." */
export function sentenceOf(detail: string): string {
  const words = detail.trim().replace(/[.;]$/, '');
  return words === '' ? '' : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

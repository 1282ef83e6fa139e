import type { SaveState, Verdict } from '../../../client/connect-quote.ts';
import { countOf } from '../../words/count-of.ts';
import type { PillState } from './status-pill.ts';

/** What the pill shows, and the sentence that explains it. */
export interface PillWords {
  /** '' where it says nothing. */
  readonly label: string;
  readonly sentence: string;
}

export function pillWords(state: PillState, save: SaveState): PillWords {
  const kept = save.kind === 'offline' || save.kind === 'readonly' ? save.unsent : 0;
  switch (state) {
    case 'connecting':
      return { label: 'Connecting…', sentence: 'The quote is being fetched from the server.' };
    case 'settling':
      return { label: '', sentence: 'Your last change is on its way to the server.' };
    case 'saving':
      return { label: 'Saving…', sentence: 'Your last changes are on their way to the server.' };
    case 'saved':
      return {
        label: 'Saved',
        sentence:
          save.kind === 'saved' && !save.confirmed
            ? 'Everything was sent. This server does not confirm what it stores.'
            : 'Everything is stored on the server.',
      };
    case 'reconnecting':
    case 'returning':
      return {
        label: 'Reconnecting…',
        sentence: 'The connection was lost. You can go on editing; your changes are sent when it is back.',
      };
    case 'offline':
      return {
        label: kept === 0 ? 'Offline' : `Offline, ${countOf(kept, 'change')} kept on this device`,
        sentence: offlineSentence(save),
      };
    case 'view_only':
      return {
        label: 'View only',
        sentence: 'You can only view this quote. Ask one of its hosts to let you edit.',
      };
    case 'disconnected':
      return {
        label: 'Disconnected',
        sentence:
          save.kind === 'readonly' && save.because.kind === 'closed'
            ? save.because.closure.message
            : 'The server ended the connection.',
      };
    default:
      return state satisfies never;
  }
}

function offlineSentence(save: SaveState): string {
  const known = save.kind === 'offline' && save.because !== null && save.because.kind !== 'network';
  return known
    ? (save.because?.message ?? '')
    : 'The server cannot be reached. You can go on editing; your changes are kept on this device and sent later.';
}

/** "1 change overridden": a higher role decided. Where the rules did, it was refused. */
export function markedWords(verdicts: readonly Verdict[]): string {
  const byRulesOnly = verdicts.every(
    (verdict) => verdict.kind === 'refused' && verdict.reason !== 'authority_overridden',
  );
  return `${countOf(verdicts.length, 'change')} ${byRulesOnly ? 'refused' : 'overridden'}`;
}

import { useEffect, useState } from 'react';
import { type ParticipantJson, participantsSchema } from '../../../wire/session-schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { useMe, useQuote } from '../use-room.ts';
import { followComings } from './follow-comings.ts';

const nobody: readonly ParticipantJson[] = [];

/**
 * Who takes or took part in the session, as the server knows it; read anew when people come or go, and when somebody looks at
 * the page again. Where that fails, what was read before stays: those who are here are shown all the same.
 */
export function useParticipants(): readonly ParticipantJson[] {
  const api = useApi();
  const quote = useQuote();
  const sessionId = useMe()?.sessionId ?? null;
  const [read, setRead] = useState<{
    readonly sessionId: string;
    readonly participants: readonly ParticipantJson[];
  } | null>(null);

  useEffect(() => {
    if (sessionId === null) return undefined;
    const leaving = new AbortController();
    const again = (): void => {
      api
        .get(
          `/api/sessions/${encodeURIComponent(sessionId)}/participants`,
          participantsSchema,
          leaving.signal,
        )
        .then(
          ({ participants }) => setRead({ sessionId, participants }),
          () => undefined,
        );
    };
    again();
    const offs = [quote.on('session', again), followComings(quote, again)];
    window.addEventListener('focus', again);
    return () => {
      leaving.abort();
      for (const off of offs) off();
      window.removeEventListener('focus', again);
    };
  }, [api, quote, sessionId]);

  return read !== null && read.sessionId === sessionId ? read.participants : nobody;
}

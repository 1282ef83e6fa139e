import { useCallback, useEffect, useState } from 'react';
import { z } from 'zod';
import { type GrantJson, grantAnswerSchema, peopleSchema } from '../../../wire/http-schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { problemOf } from '../../words/problem-of.ts';
import { useQuote } from '../use-room.ts';
import { followComings } from './follow-comings.ts';
import type { Choice } from './permission-words.ts';

export type People = z.infer<typeof peopleSchema>;

export interface PeopleAccess {
  /** Null until they are read. */
  readonly people: People | null;
  /** What went wrong, for a person. */
  readonly problem: string | null;
  reload(): void;
  /** Gives a person a permission; throws an `ApiError`. */
  give(user: string, choice: Choice): Promise<GrantJson | null>;
}

/**
 * Who was given what in this quote by name. Read when it is looked at, when it was changed here, when it is one's own, and
 * when people come or go: whoever came in by a link has a permission since then.
 */
export function usePeople(): PeopleAccess {
  const quote = useQuote();
  const api = useApi();
  const [people, setPeople] = useState<People | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const path = `/api/quotes/${encodeURIComponent(quote.quoteId)}/people`;

  const read = useCallback(
    async (signal?: AbortSignal) => {
      try {
        setPeople(await api.get(path, peopleSchema, signal));
        setProblem(null);
      } catch (error) {
        if (signal?.aborted !== true) setProblem(problemOf(error));
      }
    },
    [api, path],
  );

  useEffect(() => {
    const stop = new AbortController();
    const again = (): void => void read(stop.signal);
    again();
    const offs = [quote.on('permission', again), followComings(quote, again)];
    window.addEventListener('focus', again);
    return () => {
      stop.abort();
      for (const off of offs) off();
      window.removeEventListener('focus', again);
    };
  }, [quote, read]);

  return {
    people,
    problem,
    reload: () => void read(),
    async give(user, choice) {
      const to = `${path}/${encodeURIComponent(user)}`;
      const grant =
        choice === 'default'
          ? await api.send(
              'DELETE',
              to,
              undefined,
              z.undefined().transform(() => null),
            )
          : await api.send('PUT', to, { permission: choice }, grantAnswerSchema);
      await read();
      return grant;
    },
  };
}

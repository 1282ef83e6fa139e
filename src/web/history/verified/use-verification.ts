import { useCallback, useEffect, useState } from 'react';
import { type VerificationJson, verificationSchema } from '../../../wire/history-schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { problemOf } from '../../words/problem-of.ts';

export interface Verification {
  /** The last answer; null until there is one. */
  readonly found: VerificationJson | null;
  readonly isChecking: boolean;
  /** Why it could not be checked, for a person. */
  readonly problem: string | null;
  check(): void;
}

/** Has the server check the log once, and again when it is asked to: all of it is read each time. */
export function useVerification(quoteId: string): Verification {
  const api = useApi();
  const [round, setRound] = useState(0);
  const [found, setFound] = useState<VerificationJson | null>(null);
  const [answered, setAnswered] = useState<{ readonly round: number; readonly problem: string | null }>();

  useEffect(() => {
    const leaving = new AbortController();
    const answer = (problem: string | null): void => setAnswered({ round, problem });
    api
      .get(`/api/quotes/${encodeURIComponent(quoteId)}/verification`, verificationSchema, leaving.signal)
      .then(
        (verification) => {
          setFound(verification);
          answer(null);
        },
        (error: unknown) => {
          if (!leaving.signal.aborted) answer(problemOf(error));
        },
      );
    return () => leaving.abort();
  }, [api, quoteId, round]);

  const isChecking = answered?.round !== round;
  return {
    found,
    isChecking,
    problem: isChecking ? null : answered.problem,
    check: useCallback(() => setRound((last) => last + 1), []),
  };
}

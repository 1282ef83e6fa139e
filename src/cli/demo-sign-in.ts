import { signToken } from '../session/tokens.ts';
import { DEMO_PEOPLE, type DemoPerson } from './demo-quotes.ts';
import type { Secret } from './secret.ts';

export interface SignedDemoPerson extends DemoPerson {
  readonly token: string;
}

export const DEMO_TOKEN_DAYS = 7;
const DEMO_TOKEN_MS = DEMO_TOKEN_DAYS * 24 * 3_600_000;

/** The people of the demo, each with a token that is good from `now` (ms since 1970) for `DEMO_TOKEN_DAYS`. */
export const signDemoPeople = (secret: Secret, now: number): Promise<SignedDemoPerson[]> =>
  Promise.all(
    DEMO_PEOPLE.map(async (person) => ({
      ...person,
      token: await signToken(secret.reveal(), person, { now, lifetimeMs: DEMO_TOKEN_MS }),
    })),
  );

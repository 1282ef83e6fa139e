import { z } from 'zod';
import { Fault } from '../lib/fault.ts';
import type { ConflictChoice } from '../wire/conflict-choice.ts';
import { errorSchema } from '../wire/http-schemas.ts';

/**
 * What a client asks of the server beside the document, over its HTTP: held conflicts, and the session. What comes of it everyone
 * hears over the live connection, the asker too.
 */
export interface SessionCalls {
  /** Looks at a held conflict to choose: everyone sees that. Rejects with a `Fault`, as all here do. */
  openConflict(n: number): Promise<void>;
  /** Lets go of it without choosing. */
  releaseConflict(n: number): Promise<void>;
  /** Ends it by a write of this user. Gives the verdict: where it was refused, the conflict stays open. */
  settleConflict(n: number, choice: ConflictChoice): Promise<SettleOutcome>;
  /** Keeps the session open that is about to end. */
  keepSessionOpen(): Promise<void>;
  /** Ends the session for everyone; for hosts. */
  endSession(): Promise<void>;
}

export interface SettleOutcome {
  readonly accepted: boolean;
  /** A sentence for the user, where it was refused and there is more to say. */
  readonly message: string | null;
}

const settledSchema = z.object({
  verdicts: z.array(z.object({ accepted: z.boolean(), message: z.string().optional() })),
});

interface Deps {
  /** Where the server is; `ws:` or `http:`. */
  readonly url: string;
  readonly quoteId: string;
  /** The newest token; null before there is one. */
  readonly token: () => string | null;
  /** The open session; null before the first hello. */
  readonly sessionId: () => string | null;
}

export function createSessionCalls({ url, quoteId, token, sessionId }: Deps): SessionCalls {
  const base = `${url.replace(/^ws/, 'http').replace(/\/+$/, '')}/api`;
  const conflict = (n: number, action: string): string => `/quotes/${quoteId}/conflicts/${n}/${action}`;

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(base + path, {
      method,
      headers: {
        authorization: `Bearer ${token() ?? ''}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw noServer(cause);
    });
    const answer: unknown = response.status === 204 ? null : await response.json().catch(() => null);
    if (!response.ok) throw failedCall(response.status, answer);
    return answer;
  }

  function currentSession(): string {
    const id = sessionId();
    if (id === null) throw noSessionYet();
    return id;
  }

  return {
    openConflict: async (n) => void (await call('POST', conflict(n, 'open'))),
    releaseConflict: async (n) => void (await call('DELETE', conflict(n, 'open'))),
    async settleConflict(n, choice) {
      const { verdicts } = settledSchema.parse(await call('POST', conflict(n, 'settle'), choice));
      const refused = verdicts.find(({ accepted }) => !accepted);
      return { accepted: refused === undefined, message: refused?.message ?? null };
    },
    keepSessionOpen: async () => void (await call('POST', `/sessions/${currentSession()}/keep-open`)),
    endSession: async () => void (await call('POST', `/sessions/${currentSession()}/end`)),
  };
}

const noServer = (cause: unknown): Fault =>
  new Fault({
    code: 'client_unreachable',
    message: 'The server cannot be reached. Try again when you are connected.',
    retryable: true,
    cause,
  });

const noSessionYet = (): Fault =>
  new Fault({
    code: 'client_not_ready',
    message: 'The quote is not open yet. Try again when you are connected.',
    retryable: true,
  });

/** The server's own sentence, where it has one. */
function failedCall(status: number, answer: unknown): Fault {
  const parsed = errorSchema.safeParse(answer);
  return new Fault({
    code: parsed.success ? `client_${parsed.data.error.code}` : 'client_refused',
    message: parsed.success ? parsed.data.error.message : `The server answered ${status}. Try again later.`,
    retryable: status >= 500,
  });
}

import { type Policy, parsePolicy } from '../authority/policy.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { policyHash } from './entry-hash.ts';
import type { Log } from './log.ts';

/** The policies of a log by their hash, each read and checked once. */
export interface StoredPolicies {
  /** Fails with a sentence where the log does not hold it as it was stored. */
  find(hash: string): Promise<Result<Policy, PolicyProblem>>;
}

export interface PolicyProblem {
  readonly kind: 'missing' | 'damaged';
  readonly message: string;
}

export function createStoredPolicies(log: Pick<Log, 'policy'>): StoredPolicies {
  const known = new Map<string, Result<Policy, PolicyProblem>>();
  return {
    async find(hash) {
      const policy = known.get(hash) ?? readPolicy(hash, await log.policy(hash));
      known.set(hash, policy);
      return policy;
    },
  };
}

function readPolicy(hash: string, json: string | null): Result<Policy, PolicyProblem> {
  if (json === null) return fail({ kind: 'missing', message: `the policy ${hash} is not in the log` });
  const damaged = (how: string): Result<never, PolicyProblem> =>
    fail({ kind: 'damaged', message: `the policy ${hash} ${how}` });
  if (policyHash(json) !== hash) return damaged('was changed after it was stored');
  try {
    return ok(parsePolicy(json));
  } catch {
    return damaged('is none that this quoteroom can read');
  }
}

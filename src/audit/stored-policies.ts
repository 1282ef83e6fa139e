import { type Policy, parsePolicy } from '../authority/policy.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { policyHash } from '../log/entry-hash.ts';
import type { Log } from '../log/log.ts';

/** The policies of a log by their hash, each read and checked once. */
export interface StoredPolicies {
  /** Fails with a sentence where the log does not hold it as it was stored. */
  find(hash: string): Promise<Result<Policy>>;
}

export function createStoredPolicies(log: Pick<Log, 'policy'>): StoredPolicies {
  const known = new Map<string, Result<Policy>>();
  return {
    async find(hash) {
      const policy = known.get(hash) ?? readPolicy(hash, await log.policy(hash));
      known.set(hash, policy);
      return policy;
    },
  };
}

function readPolicy(hash: string, json: string | null): Result<Policy> {
  if (json === null) return fail(`the policy ${hash} is not in the log`);
  if (policyHash(json) !== hash) return fail(`the policy ${hash} was changed after it was stored`);
  try {
    return ok(parsePolicy(json));
  } catch {
    return fail(`the policy ${hash} is none that this quoteroom can read`);
  }
}

import { isRefused } from '../authority/verdict.ts';
import type { ExplainedVerdict } from '../room/explain-verdicts.ts';
import type { VerdictJson } from '../wire/http-schemas.ts';
import type { PeopleNames } from './people-names.ts';

/** What became of a write, as answers tell it. */
export function verdictJson(verdict: ExplainedVerdict, names: PeopleNames): VerdictJson {
  const { cell } = verdict;
  if (!isRefused(verdict)) return { cell, accepted: true, ...messageIn(verdict) };
  return {
    cell,
    accepted: false,
    reason: verdict.reason ?? 'not_permitted',
    ...(verdict.by !== null && { by: names.author(verdict.by) }),
    kept: verdict.applied,
    ...messageIn(verdict),
  };
}

const messageIn = ({ message }: ExplainedVerdict): { readonly message?: string } =>
  message === undefined ? {} : { message };

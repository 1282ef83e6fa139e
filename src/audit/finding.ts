/**
 * What an audit found wrong with an entry.
 * - `missing`: the number is not in the log
 * - `unreadable`: a row of the database has not the form that we write
 * - `chain`: it does not follow the entry before: another previous hash, or an earlier time
 * - `hash`: its content is not what its hash was made of
 * - `policy`: the policy it was decided with is not in the log, or not the one it names
 * - `version`: other rules of the gate decided it than this program has
 * - `decision`: the gate, deciding again, does not even take it as an edit, or numbers it differently
 * - `verdict`, `merged`, `clocks`, `aliases`, `active_edits`: deciding again gives another one than is recorded
 * - `checkpoint`: the state kept after this entry is not the one that the entries lead to
 * - `number`: its number is 0 or below
 * - `rows`: rows of writes that belong to no entry, or not as many as the entry says it has
 * - `list`: the list of quotes does not agree
 * - `tombstone`: that of a purged quote is not as it was signed, or does not agree with a signed head or the log
 * - `head`: the newest signed head in the database is not as it was signed, or the log not what it says
 * - `more`: there were more problems than are told
 */
export interface Finding {
  readonly seq: number;
  readonly kind: FindingKind;
  /** A sentence for a person: what is wrong, with what was recorded and what came out where there are two. */
  readonly message: string;
  readonly difference?: Difference;
}

/** What is told of it, also over HTTP. */
export type Problem = Omit<Finding, 'difference'>;

export const problemOf = ({ seq, kind, message }: Finding): Problem => ({ seq, kind, message });

export type FindingKind =
  | 'missing'
  | 'unreadable'
  | 'chain'
  | 'hash'
  | 'policy'
  | 'version'
  | 'decision'
  | 'verdict'
  | 'merged'
  | 'clocks'
  | 'aliases'
  | 'active_edits'
  | 'checkpoint'
  | 'number'
  | 'rows'
  | 'list'
  | 'tombstone'
  | 'head'
  | 'more';

/** What the log says, and what came out when it was decided again; each as text to show. */
export interface Difference {
  readonly of: string;
  readonly recorded: string;
  readonly cameOut: string;
}

const SHOWN_CHARACTERS_MAX = 400;

export function differs(
  at: { readonly seq: number; readonly kind: FindingKind },
  difference: Difference,
): Finding {
  const { of, recorded, cameOut } = difference;
  const shown = { of, recorded: clip(recorded), cameOut: clip(cameOut) };
  const message = `${of}: recorded ${shown.recorded}, came out ${shown.cameOut}`;
  return { ...at, message, difference: shown };
}

const clip = (text: string): string =>
  text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}...` : text;

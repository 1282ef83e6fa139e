/**
 * The version of the gate's own rules, kept in every entry and checkpoint. Raise it with any change after which an entry of
 * some log would be decided otherwise than it was: other verdicts, other merged bytes, another memory, a bound of
 * `update-bounds.ts` made lower, or a Yjs that encodes or merges differently. A change of the policy is none: policies are
 * stored with the log.
 *
 * Entries of the versions listed here are each decided by their own rules. A quote with one of another version is not opened
 * (`gate_version_other`), and an audit checks its hash but does not decide it again. So raising the version is a migration: keep
 * the old rules beside the new ones, or quotes stay shut.
 *
 * - 1: on a cell with `tie: hold` the second of two equals is refused, and that is all
 * - 2: it opens a conflict, which people settle (see `conflicts.ts`); a replica's history that comes as an update deletes
 *   nothing by what an alias has replaced
 */
export const GATE_VERSIONS = [1, 2] as const;
export type GateVersion = (typeof GATE_VERSIONS)[number];

/** The one by which new entries are decided. */
export const GATE_VERSION = 2 satisfies GateVersion;

export const isKnownGateVersion = (version: number): version is GateVersion =>
  (GATE_VERSIONS as readonly number[]).includes(version);

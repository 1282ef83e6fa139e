import type { Origin } from '../authority/actor.ts';
import type { Judged, Submission } from '../authority/gate.ts';
import { GATE_VERSION } from '../authority/gate-version.ts';
import type { QuoteId } from '../lib/ids.ts';
import { sealEntry } from '../log/entry-hash.ts';
import type { GroupCommit } from '../log/group-commit.ts';
import type { Entry, Head } from '../log/log.ts';
import type { RunningSummary } from './summary.ts';

/** Seals what the gate judged, as the next entry of the quote's chain, and hands it to the log with the quote's new summary. */
export interface EntryWriter {
  /** Resolves when the entry is durable. After a rejection nothing may be written any more: the chain is broken. */
  append(submission: Submission, judged: Judged, from: EntryOrigin): Promise<void>;
  /** Resolves when no append is under way, however they ended. */
  drained(): Promise<void>;
}

export interface EntryOrigin {
  /** ms since 1970, not before that of the entry before */
  readonly at: number;
  readonly origin: Origin;
  readonly connection: string | null;
}

interface Deps {
  readonly quote: QuoteId;
  readonly head: Head;
  /** The session that is open, or null. */
  readonly sessionId: () => string | null;
  readonly policyHash: string;
  readonly commit: GroupCommit;
  readonly summary: RunningSummary;
}

export function createEntryWriter({
  quote,
  head,
  sessionId,
  policyHash,
  commit,
  summary,
}: Deps): EntryWriter {
  let { hash } = head;
  let last: Promise<void> = Promise.resolve();

  function seal({ actor, kind, seen, update }: Submission, judged: Judged, from: EntryOrigin): Entry {
    return sealEntry(
      {
        quote,
        seq: judged.seq,
        at: from.at,
        actor,
        session: sessionId(),
        connection: from.connection,
        origin: from.origin,
        kind,
        clocks: judged.clocks,
        received: update,
        merged: judged.merged,
        policy: policyHash,
        gateVersion: GATE_VERSION,
        seen,
        activeEdits: judged.activeEdits,
        aliases: judged.aliases,
        writes: judged.verdicts,
      },
      hash,
    );
  }

  function summaryAfter({ seq, at, actor, writes }: Entry): ReturnType<RunningSummary['after']> {
    const cell = writes.findLast(({ verdict }) => verdict === 'accepted')?.cell ?? null;
    const isRefused = writes.length > 0 && cell === null;
    return summary.after({ seq, at, by: actor.user, cell, isRefused });
  }

  return {
    async append(submission, judged, from) {
      const entry = seal(submission, judged, from);
      hash = entry.hash;
      const stored = commit.submit(entry, summaryAfter(entry));
      last = stored.catch(() => undefined);
      await stored;
    },
    // Appends end in the order in which they began.
    drained: () => last,
  };
}

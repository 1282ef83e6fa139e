import type { Actor, Origin } from '../authority/actor.ts';
import type { Judged } from '../authority/gate.ts';
import type { ExplainedVerdict } from './explain-verdicts.ts';
import type { Member } from './member.ts';

/** An entry that is stored, with what is told of it. */
export interface DurableUpdate {
  readonly judged: Judged;
  /** Who wrote it, as they were then, over what, and when: ms since 1970. */
  readonly actor: Actor;
  readonly origin: Origin;
  readonly writtenAt: number;
  /** The same verdicts as its author is told them. */
  readonly verdicts: readonly ExplainedVerdict[];
  /** The connection it came over; null where it came without one. */
  readonly author: Member | null;
  readonly receivedAt: number;
}

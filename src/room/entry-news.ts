import type { Actor } from '../authority/actor.ts';
import type { Gate } from '../authority/gate.ts';
import { type Policy, canStick } from '../authority/policy.ts';
import { type WriteVerdict, isRefused } from '../authority/verdict.ts';
import type { UserId } from '../lib/ids.ts';
import { ROOTS, cellIdOf } from '../quote/cell.ts';
import { encodeEvent } from '../wire/frames.ts';
import type { EntriesEvent, RulesEvent } from '../wire/messages.ts';
import type { Durability } from './durability.ts';
import type { DurableUpdate } from './durable-update.ts';
import type { Member } from './member.ts';
import { type Names, wireUser } from './verdict-messages.ts';

/**
 * What became durable, told to those who asked for it, and what the gate goes by:
 *
 *   with its first step 2: `rules` -> with every flush from then on: `entries`
 *
 * - Each message is made and encoded once for all who may see the same of it, and not at all where nobody asked.
 * - What was offered in refused writes goes to its author only: no other client is sent it. Hosts and admins read it in the log.
 * - Who wrote what stands is told of durable writes only; whoever wrote the others is in the `entries` that follow. Where those
 *   come without their writes, the `rules` are told again.
 */
export interface EntryNews {
  /** Everything up to now that is durable is sent to everyone in the room. */
  tell(updates: readonly DurableUpdate[], at: number): void;
}

interface Deps {
  readonly members: ReadonlyMap<string, Member>;
  readonly gate: Gate;
  readonly policy: Policy;
  readonly durability: Pick<Durability, 'revision'>;
  readonly names: Names;
}

type WireEntry = EntriesEvent['entries'][number];

/** An entry with more writes, or more text in them, is told without: few want to see all of an import at once. */
const WRITES_MAX = 1_000;
const CHARS_MAX = 256 * 1024;

export function createEntryNews({ members, gate, policy, durability, names }: Deps): EntryNews {
  const greeted = new WeakSet<Member>();
  let rules: { readonly merged: number; readonly durable: number; readonly frame: Uint8Array } | null = null;

  /** Many come in at once where a server starts again. */
  function rulesFrame(): Uint8Array {
    const { revision: durable } = durability;
    if (rules === null || rules.merged !== gate.revision || rules.durable !== durable) {
      rules = { merged: gate.revision, durable, frame: encodeEvent(rulesMessage(durable)) };
    }
    return rules.frame;
  }

  const rulesMessage = (revision: number): RulesEvent => ({
    type: 'rules',
    revision,
    policy: policy.json,
    standing: standingUpTo(revision),
  });

  function standingUpTo(revision: number): RulesEvent['standing'] {
    const standing: RulesEvent['standing'] = [];
    for (const root of ROOTS) {
      for (const key of gate.doc.getMap(root).keys()) {
        const cell = cellIdOf(root, key);
        const write = canStick(policy, cell) ? gate.ledger.record(cell)?.standing : undefined;
        if (write === undefined || write.value === null || write.imported || write.seq > revision) continue;
        standing.push({ cell, by: wireUser(write, names) });
      }
    }
    return standing;
  }

  function entryOf({ judged, actor, origin, writtenAt }: DurableUpdate, showsOffered: boolean): WireEntry {
    const { seq, verdicts, notes } = judged;
    return {
      seq,
      at: writtenAt,
      user: wireUser(actor, names),
      origin,
      ...(isTooMuch(verdicts)
        ? { writes: [], writeCount: verdicts.length }
        : { writes: verdicts.map((verdict) => writeOf(verdict, showsOffered)) }),
      ...(notes.length > 0 && { notes: [...notes] }),
    };
  }

  function writeOf(verdict: WriteVerdict, showsOffered: boolean): WireEntry['writes'][number] {
    const { cell, operation, before, offered, applied, reason, by } = verdict;
    return {
      cell,
      operation,
      before,
      // The message is made for JSON; the verdict's type only adds `readonly`.
      ...(showsOffered &&
        isRefused(verdict) && { offered: offered as WireEntry['writes'][number]['offered'] }),
      applied,
      ...(reason !== null && { reason }),
      ...(by !== null && { by: wireUser(by, names) }),
    };
  }

  /** Gives each reader their frame, made once for all who see the same: only authors of refused writes see more. */
  function composeFor(updates: readonly DurableUpdate[]): (reader: Actor) => Uint8Array {
    const refusedUsers = new Set<UserId>();
    for (const { judged, actor } of updates) {
      if (judged.verdicts.some(isRefused)) refusedUsers.add(actor.user);
    }
    const frames = new Map<UserId | null, Uint8Array>();
    return ({ user }) => {
      const reader = refusedUsers.has(user) ? user : null;
      let frame = frames.get(reader);
      if (frame === undefined) {
        const entries = updates.map((update) => entryOf(update, update.actor.user === reader));
        frame = encodeEvent({ type: 'entries', entries });
        frames.set(reader, frame);
      }
      return frame;
    };
  }

  return {
    tell(updates, at) {
      let frameFor: ((reader: Actor) => Uint8Array) | null = null;
      let hidesWrites = false;
      for (const member of members.values()) {
        if (!member.wantsEntries || !member.isLive) continue;
        if (!greeted.has(member)) {
          greeted.add(member);
          member.send(rulesFrame(), at);
        } else if (updates.length > 0) {
          if (frameFor === null) {
            frameFor = composeFor(updates);
            hidesWrites = updates.some(({ judged }) => isTooMuch(judged.verdicts));
          }
          member.send(frameFor(member.actor), at);
          if (hidesWrites) member.send(rulesFrame(), at);
        }
      }
    },
  };
}

function isTooMuch(verdicts: readonly WriteVerdict[]): boolean {
  if (verdicts.length > WRITES_MAX) return true;
  let chars = 0;
  for (const { before, offered, applied } of verdicts) {
    chars += charsOf(before) + charsOf(applied) + charsOf(offered);
  }
  return chars > CHARS_MAX;
}

const charsOf = (value: WriteVerdict['offered']): number =>
  typeof value === 'string' ? value.length : typeof value === 'object' ? JSON.stringify(value).length : 5;

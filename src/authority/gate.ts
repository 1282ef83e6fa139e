import * as Y from 'yjs';
import type { UserId } from '../lib/ids.ts';
import { SERVER_CLIENT_ID } from '../lib/limits.ts';
import { ROOTS } from '../quote/cell.ts';
import { type ActiveEditView, recordViewed } from './active-edits.ts';
import type { Actor } from './actor.ts';
import { apply } from './apply.ts';
import { noteFormats } from './clean-formats.ts';
import type { ConflictChange } from './conflicts.ts';
import type { Ties } from './decide.ts';
import { type SizeMemory, createDocumentSize } from './document-size.ts';
import { type GateVersion, GATE_VERSION } from './gate-version.ts';
import { judge } from './judge.ts';
import { type Ledger, type LedgerMemory, createLedger } from './ledger.ts';
import type { Policy } from './policy.ts';
import { type IncomingUpdate, malformed, overQuota } from './incoming-update.ts';
import { type MergeableUpdate, type ReadUpdate, readUpdate } from './read-update.ts';
import { freshBytesOf, refusedBytesOf } from './struct-bytes.ts';
import { mayEdit } from './role.ts';
import { MERGE_STEPS_PER_USER_MAX, REFUSED_BYTES_MIN, REFUSED_SHARE } from './update-bounds.ts';
import type { ActiveEdit, Alias, ClockRange, Overridden, Seen, WriteVerdict } from './verdict.ts';
import { type Writes, readWrites } from './writes.ts';

/**
 * The gate of one quote: the only way into its document. `submit` reads an update, decides every write in it, rewrites it
 * and merges it, in that order, and answers with everything that the log has to keep.
 *
 * Stateful, but without I/O, clock or randomness: the same submissions in the same order lead to the same document,
 * ledger and verdicts, byte for byte. That is what replay checks.
 */
export interface Gate {
  readonly doc: Y.Doc;
  readonly ledger: Ledger;
  /** Number of the last entry. */
  readonly revision: number;
  submit(submission: Submission): Outcome;
  /** The newest revision of which a replica with this state vector holds everything. */
  revisionCoveredBy(stateVector: ReadonlyMap<number, number>): number;
  /** All that the gate knows beside the document, as plain JSON. */
  remember(): GateMemory;
}

export interface Submission {
  readonly update: Uint8Array;
  /**
   * `create`: the values that a quote begins with. `sync`: a whole sync step 2. `update`: one live transaction.
   * `settle`: one write, by which a person chooses what an open conflict ends with. `expire`: the newest parked value, in the
   * name of its author, because nobody chose in time; the conflict ends even where that is refused.
   */
  readonly kind: 'create' | 'update' | 'sync' | 'settle' | 'expire';
  readonly actor: Actor;
  readonly seen: Seen;
  readonly activeEdits: ActiveEditView;
  readonly policy: Policy;
  /** By which version's rules; by the newest where it is left out. */
  readonly gateVersion?: GateVersion;
  /** The user for whom a client id is reserved by presence, if it belongs to nobody yet. */
  readonly reservedFor?: (client: number) => UserId | null;
}

export type Outcome =
  | Exclude<ReadUpdate, { kind: 'update' }>
  /** We hold all of it already. */
  | { readonly kind: 'nothing' }
  | Judged;

export interface Judged {
  readonly kind: 'judged';
  /** Its number: the quote's new revision. */
  readonly seq: number;
  /** What goes to every replica, the author's included; null where nothing changed. */
  readonly merged: Uint8Array | null;
  readonly clocks: readonly ClockRange[];
  readonly verdicts: readonly WriteVerdict[];
  readonly overridden: readonly Overridden[];
  /** What it did to held conflicts. */
  readonly conflicts: readonly ConflictChange[];
  readonly aliases: readonly Alias[];
  /** Notes whose text it changed. */
  readonly notes: readonly string[];
  /** The active edits of others that were looked at. */
  readonly activeEdits: readonly ActiveEdit[];
  /** The newest revision that its author is now known to have seen. */
  readonly rowsSeen: number;
}

export interface GateMemory extends SizeMemory {
  readonly revision: number;
  readonly ledger: LedgerMemory;
}

export function createGate(saved?: { readonly state: Uint8Array; readonly memory: GateMemory }): Gate {
  const doc = createDocument(saved?.state);
  const ledger = createLedger(saved?.memory.ledger);
  let revision = saved?.memory.revision ?? 0;
  const size = createDocumentSize(doc, saved?.memory);

  return {
    doc,
    ledger,
    get revision() {
      return revision;
    },

    submit(submission) {
      const { actor, policy, seen, kind } = submission;
      const update = readUpdate(submission.update, {
        doc,
        structs: ledger.structs,
        user: actor.user,
        ownerOf: (client) => ledger.ownerOf(client) ?? submission.reservedFor?.(client) ?? null,
        clientsOfUser: ledger.clientCount(actor.user),
        hasNote: (note) => ledger.hasRow(`notes/${note}`),
        notesFree: notesFreeFor(ledger, submission),
      });
      if (update.kind !== 'update') return update;
      if (isTooMuchMerging(ledger, actor.user, update.mergeSteps)) return overQuota(TOO_MUCH_MERGING);
      const writes = readWrites(update, ledger, {
        author: actor.user,
        seen,
        isLive: isLive(submission, update),
      });
      if (update.items.length === 0 && writes.cells.length === 0 && writes.texts.length === 0) {
        return { kind: 'nothing' };
      }
      const ties = tiesOf(submission);
      if (ties === 'choose' && !isChoice(ledger, writes)) return malformed(NO_CHOICE);
      const activeEdits = recordViewed(submission.activeEdits, actor.user);
      const judgement = judge(
        {
          policy,
          ledger,
          actor,
          ties,
          activeEdits,
          rowsSeen: writes.rowsSeen,
          // What was refused counts for its author alone, or anyone could fill a quote with it.
          isFull: size.measureIfFull(
            freshBytesOf(update.items),
            policy.limits.documentBytes + ledger.refusedBytesOfAll(),
          ),
        },
        writes,
      );
      const refusedBytes = refusedBytesOf(judgement);
      if (isTooMuchRefused(ledger, submission, refusedBytes)) return overQuota(TOO_MUCH_REFUSED);
      const seq = revision + 1;
      const applied = apply(
        { doc, ledger, actor, seq, ties, policy, imported: kind === 'create', isExpiry: kind === 'expire' },
        update,
        judgement,
      );
      noteStructs(ledger, update, writes, { user: actor.user, seq });
      if (refusedBytes > 0) ledger.noteRefusedBytes(actor.user, refusedBytes);
      if (update.mergeSteps > 0) ledger.noteMergeSteps(actor.user, update.mergeSteps);
      revision = seq;
      size.grew(applied.merged?.length ?? 0);
      return {
        kind: 'judged',
        seq,
        ...applied,
        clocks: clocksOf(update),
        activeEdits: activeEdits.viewed(),
        rowsSeen: writes.rowsSeen,
      };
    },

    revisionCoveredBy(stateVector) {
      let covered = revision;
      for (const client of ledger.structs.clients()) {
        const has = stateVector.get(client) ?? 0;
        if (has >= Y.getState(doc.store, client)) continue;
        covered = Math.min(covered, (ledger.structs.find(client, has)?.seq ?? 1) - 1);
      }
      return covered;
    },

    remember: () => ({ revision, ...size.remember(), ledger: ledger.remember() }),
  };
}

/** A document that writes as the server. Its roots have their types from the start: Yjs swaps untyped ones later. */
function createDocument(state: Uint8Array | undefined): Y.Doc {
  // Yjs would make one up.
  const doc = new Y.Doc({ guid: 'quote' });
  for (const root of ROOTS) doc.getMap(root);
  if (state !== undefined) Y.applyUpdateV2(doc, state);
  for (const name of doc.share.keys()) if (name.startsWith('note/')) noteFormats(doc.getText(name));
  doc.clientID = SERVER_CLIENT_ID;
  return doc;
}

/** How many more notes the author may begin. */
const notesFreeFor = (ledger: Ledger, { actor, policy }: Submission): number =>
  mayEdit(actor.permission) ? Math.max(0, policy.limits.notes - ledger.rowCount('notes')) : 0;

/** Each refused struct stays in every replica for good. */
function isTooMuchRefused(ledger: Ledger, { actor, policy }: Submission, bytes: number): boolean {
  const most = Math.max(policy.limits.documentBytes * REFUSED_SHARE, REFUSED_BYTES_MIN);
  return bytes > 0 && ledger.refusedBytes(actor.user) + bytes > most;
}

const TOO_MUCH_REFUSED = 'too many of your edits of this quote were refused; ask a host to make the others';

/** What was slow to merge once is slow at every loading. */
const isTooMuchMerging = (ledger: Ledger, user: UserId, steps: number): boolean =>
  steps > 0 && ledger.mergeSteps(user) + steps > MERGE_STEPS_PER_USER_MAX;

const TOO_MUCH_MERGING =
  'your edits made apart from others are slow to merge in all; go on in a copy of this quote';

function tiesOf({ kind, gateVersion = GATE_VERSION }: Submission): Ties {
  if (kind === 'settle' || kind === 'expire') return 'choose';
  return gateVersion === 1 ? 'version1' : 'hold';
}

/** [A16] One transaction that just happened, not all that a client knows. */
const isLive = ({ kind, gateVersion = GATE_VERSION }: Submission, { holdsOurs }: MergeableUpdate): boolean =>
  kind !== 'sync' && (gateVersion === 1 || !holdsOurs);

/** Exactly one write, of a cell with an open conflict. */
function isChoice(ledger: Ledger, { cells, texts }: Writes): boolean {
  const [write] = cells;
  if (write === undefined || cells.length > 1 || texts.length > 0) return false;
  return ledger.conflictOn(write.cell) !== null;
}

const NO_CHOICE = 'a choice is one write of one cell, in which a conflict is open';

/** Notes which entry brought the update's structs, and what their author had seen. */
function noteStructs(
  ledger: Ledger,
  update: MergeableUpdate,
  writes: Writes,
  { user, seq }: { readonly user: UserId; readonly seq: number },
): void {
  const kByItem = new Map<Y.Item, number>();
  for (const { items, k } of writes.cells) {
    // What was known when the last one was written was not known at the others yet.
    const last = items.at(-1);
    if (last !== undefined) kByItem.set(last.item, k);
  }
  for (const one of update.items) {
    const { item, offset } = one;
    const k = kByItem.get(item) ?? update.knowledge.get(one) ?? 0;
    ledger.bind(item.id.client, user);
    ledger.structs.add(item.id.client, { clock: item.id.clock + offset, seq, k });
  }
}

function clocksOf({ items }: IncomingUpdate): ClockRange[] {
  const ranges = new Map<number, { client: number; clock: number; length: number }>();
  for (const { item, offset } of items) {
    const { client, clock } = item.id;
    const range = ranges.get(client);
    if (range === undefined)
      ranges.set(client, { client, clock: clock + offset, length: item.length - offset });
    else range.length += item.length;
  }
  return [...ranges.values()];
}

import * as Y from 'yjs';
import type { CellId } from '../lib/ids.ts';
import { SERVER_CLIENT_ID } from '../lib/limits.ts';
import { type CellValue, ROOTS, type Root, cellIdOf } from '../quote/cell.ts';
import { type CellRuling, type Judgement, type RowFate } from './judge.ts';
import type { PastWrite } from './cell-record.ts';
import { type ChoiceContext, findContested, noteConflicts } from './conflict-changes.ts';
import type { ConflictChange } from './conflicts.ts';
import { type Merging, merge, readDeletedText } from './merge.ts';
import { type StructId, isSameStruct, lastIdOf } from './struct-id.ts';
import { type OverriddenList, createOverriddenList } from './overridden.ts';
import type { IncomingUpdate } from './incoming-update.ts';
import type { Alias, Overridden, WriteVerdict } from './verdict.ts';
import { verdictOf, verdictOfReturn, verdictOfText } from './verdict-rows.ts';

export interface ApplyContext extends ChoiceContext {
  readonly doc: Y.Doc;
  readonly imported: boolean;
}

export interface Applied {
  readonly merged: Uint8Array | null;
  readonly verdicts: readonly WriteVerdict[];
  readonly overridden: readonly Overridden[];
  readonly conflicts: readonly ConflictChange[];
  readonly aliases: readonly Alias[];
  /** Notes whose text it changed. */
  readonly notes: readonly string[];
}

/**
 * Carries a judgement out: merges the update without what was refused, writes the winner into every cell that would show
 * something else, and notes in the ledger what stands now.
 */
export function apply(context: ApplyContext, update: IncomingUpdate, judgement: Judgement): Applied {
  const { doc, ledger, actor, seq } = context;
  const tombstones = findTombstones(judgement);
  const before = new Map(judgement.cells.map(({ write }) => [write.cell, ledger.valueOf(write.cell)]));
  const refusedTexts = judgement.texts.filter(({ refusal }) => refusal !== null);
  const deletedTexts = refusedTexts.map(({ edit }) => ({ edit, parts: readDeletedText(edit.deletions) }));
  for (const { edit } of judgement.texts) doc.getText(edit.root);
  const contested = findContested(ledger, judgement);
  const aliases: Alias[] = [];
  const serverClock = Y.getState(doc.store, SERVER_CLIENT_ID);
  const overridden = createOverriddenList(ledger, actor);

  const merged = merge(
    doc,
    update,
    (one) => tombstones.has(one.item),
    (merging) => {
      for (const ruling of judgement.cells) settle(context, merging, ruling, aliases);
      for (const ruling of judgement.cells) keepRow(context, merging, ruling, { aliases, overridden });
      for (const fate of judgement.returns) bringBack(context, merging, fate, aliases);
      for (const { edit, parts } of deletedTexts) {
        for (const { clock } of merging.retype(parts)) aliases.push({ clock, cell: edit.root, of: null });
      }
      for (const { edit } of judgement.texts) merging.cleanFormats(edit.root);
    },
  );
  if (Y.getState(doc.store, SERVER_CLIENT_ID) > serverClock) {
    // Nobody's own, so its `k` is never asked for: who stands on it has seen this entry.
    ledger.structs.add(SERVER_CLIENT_ID, { clock: serverClock, seq, k: 0 });
  }

  const verdicts = [
    ...judgement.cells.map((ruling) => verdictOf(ruling, before.get(ruling.write.cell) ?? null, ledger)),
    ...judgement.returns.map((fate) => verdictOfReturn(fate)),
    ...refusedTexts.map(({ edit, refusal }) =>
      verdictOfText(edit.root, edit.items, refusal?.reason ?? 'not_permitted'),
    ),
  ];
  const notes = notesWritten(judgement);
  for (const note of notes) ledger.noteRow(`notes/${note}`);
  for (const { write, value, overrides } of judgement.cells) overridden.addAll(write.cell, value, overrides);
  for (const fate of judgement.returns) overridden.add(fate.removal, null);
  for (const { removal } of judgement.staysRemoved) overridden.addStaysRemoved(removal);
  const conflicts = noteConflicts(context, judgement, { contested, overridden });
  return { merged, verdicts, aliases, notes, overridden: overridden.all(), conflicts };
}

const NO_NOTES: readonly string[] = [];

/** Most updates write none. */
const notesWritten = ({ texts }: Judgement): readonly string[] =>
  texts.length === 0 ? NO_NOTES : texts.flatMap(({ edit, refusal }) => (refusal === null ? [edit.note] : []));

/** Content that must not be merged: of refused writes all of it, of accepted ones all but the struct that counts. */
function findTombstones({ cells, texts }: Judgement): ReadonlySet<Y.Item> {
  const tombstones = new Set<Y.Item>();
  for (const { write, refusal } of cells) {
    const kept = refusal === null ? write.items.at(-1) : undefined;
    for (const one of write.items) if (one !== kept || one.isDeleted) tombstones.add(one.item);
  }
  for (const { edit, refusal } of texts) {
    if (refusal !== null) for (const { item } of edit.items) tombstones.add(item);
  }
  return tombstones;
}

/**
 * Makes the cell show its winner, and makes the winner's struct the one on which everyone's next write will stand: that
 * is how the next write proves that its author had seen this one.
 */
function settle(context: ApplyContext, merging: Merging, ruling: CellRuling, aliases: Alias[]): void {
  if (ruling.refusal === null) stand(context, merging, ruling, aliases);
  else restore(context, merging, ruling, aliases);
}

function stand(
  context: ApplyContext,
  merging: Merging,
  { write, value }: CellRuling,
  aliases: Alias[],
): void {
  const past = pastWrite(context, write.cell, value);
  const last = write.items.at(-1);
  const own = last === undefined ? null : lastIdOf(last.item);
  const isTip = own !== null && isSameStruct(merging.tip(write.root, write.key), own);
  const carrier = isTip ? own : alias(merging, { root: write.root, key: write.key }, past, aliases);
  context.ledger.stand(past, carrier);
}

function restore(
  { ledger, actor }: ApplyContext,
  merging: Merging,
  { write }: CellRuling,
  aliases: Alias[],
): void {
  const record = ledger.record(write.cell);
  if (record === null) return;
  const tip = merging.tip(write.root, write.key);
  const isShown =
    isSameStruct(tip, record.carrier) && (tip?.isDeleted === false || record.standing.value === null);
  if (!isShown) {
    ledger.carry(write.cell, alias(merging, { root: write.root, key: write.key }, record.standing, aliases));
  }
  ledger.refuseDeletion(write.cell, actor.user);
}

/** A removed row comes back on behalf of the one whose write refused another removal of it. */
function keepRow(
  context: ApplyContext,
  merging: Merging,
  { write, refusal }: CellRuling,
  { aliases, overridden }: { readonly aliases: Alias[]; readonly overridden: OverriddenList },
): void {
  const keeper = refusal?.keptRowFor ?? null;
  const standing = context.ledger.record(write.cell)?.standing;
  if (keeper === null || standing === undefined) return;
  const past: PastWrite = { ...keeper, cell: write.cell, value: null };
  context.ledger.stand(past, alias(merging, { root: write.root, key: write.key }, past, aliases));
  if (standing.user !== keeper.user) overridden.addFor(standing, keeper);
}

function bringBack(
  context: ApplyContext,
  merging: Merging,
  { removedCell }: RowFate,
  aliases: Alias[],
): void {
  const past = pastWrite(context, removedCell, null);
  context.ledger.stand(past, alias(merging, placeOf(removedCell), past, aliases));
}

/** Writes a value as the server on behalf of the person whose write it is. */
function alias(
  merging: Merging,
  place: { readonly root: Root; readonly key: string },
  past: PastWrite,
  aliases: Alias[],
): StructId {
  const struct = merging.write(place.root, place.key, past.value);
  const { seq, user, role } = past;
  aliases.push({ clock: struct.clock, cell: cellIdOf(place.root, place.key), of: { seq, user, role } });
  return struct;
}

function placeOf(cell: CellId): { root: Root; key: string } {
  const root = ROOTS.find((name) => cell.startsWith(`${name}/`)) ?? 'fields';
  return { root, key: cell.slice(root.length + 1) };
}

const pastWrite = ({ actor, seq, imported }: ApplyContext, cell: CellId, value: CellValue): PastWrite => ({
  cell,
  seq,
  user: actor.user,
  role: actor.role,
  value,
  imported,
});

import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { type QuoteId, isQuoteId } from '../lib/ids.ts';
import type { ExplainedVerdict } from '../room/explain-verdicts.ts';
import type { Rooms } from '../room/rooms.ts';
import type { Access } from '../session/access.ts';
import type { Person } from '../session/directory.ts';
import { isRefused } from '../authority/verdict.ts';
import { CHOICE_BLOCK, OTHER_BLOCK, parseChoiceState, readChoice } from './choose-modal.ts';
import { clip } from './blocks.ts';
import { lineOptions, parseModalState, renderEditModal, withLine } from './edit-modal.ts';
import type { QuoteReader } from './quote-reader.ts';
import { type SubmittedWrite, readSubmission } from './read-submission.ts';
import type { SlackApi } from './slack-api.ts';
import { cellTitle } from '../quote/column-titles.ts';
import { readTypedValue } from './typed-value.ts';
import { listWords, refusalWords } from './words.ts';
import { type CellWriter, type RefusedCell, type WrittenCells, tryWrite } from './write-cells.ts';

/** What comes back from modals, and what they show then. */
export interface ModalSubmitter {
  submitEdit(person: Person, view: SubmittedView): Promise<SubmitAnswer>;
  submitChoice(person: Person, view: SubmittedView): Promise<SubmitAnswer>;
  /** Somebody looked at a conflict and does not choose. */
  closeChoice(person: Person, view: Pick<SubmittedView, 'private_metadata'>): Promise<void>;
  /** A line was found: its cells come into the modal. */
  showLine(
    person: Person,
    view: SubmittedView & { readonly id: string; readonly hash: string },
    line: string,
  ): Promise<void>;
  lines(person: Person, view: SubmittedView, query: string): Promise<readonly PlainTextOption[]>;
}

export interface SubmittedView {
  readonly private_metadata: string;
  readonly blocks: readonly unknown[];
  readonly state: { readonly values: unknown };
}

export type SubmitAnswer =
  /** A form that this program does not know. */
  | { readonly kind: 'stale' }
  /** All is written: the modal closes. */
  | { readonly kind: 'close' }
  /** By the input. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** Some of it is written: the modal shows what stands now. */
  | { readonly kind: 'update'; readonly view: ModalView };

export interface ModalSubmitterDeps {
  readonly writer: CellWriter;
  readonly reader: QuoteReader;
  readonly access: Pick<Access, 'actorIn'>;
  readonly rooms: Pick<Rooms, 'open' | 'peek'>;
  readonly api: Pick<SlackApi, 'updateView'>;
}

const CLOSE: SubmitAnswer = { kind: 'close' };

export function createModalSubmitter({
  writer,
  reader,
  access,
  rooms,
  api,
}: ModalSubmitterDeps): ModalSubmitter {
  const wrong = (problem: string, input: string): SubmitAnswer => ({
    kind: 'errors',
    errors: { [input]: problem },
  });

  /** Cells of a line are read later than the rest: each write goes with the revision that its author was shown. */
  async function writeAll(
    person: Person,
    quote: QuoteId,
    writes: readonly SubmittedWrite[],
  ): Promise<{ readonly problem: string } | WrittenCells> {
    const written: WrittenCells[] = [];
    for (const base of new Set(writes.map(({ revision }) => revision))) {
      const ofBase = writes.filter(({ revision }) => revision === base);
      const result = await writer.write(person, quote, { base, writes: ofBase });
      if (result.ok) written.push(result.value);
      else if (written.length === 0) return { problem: result.reason };
      else
        written.push({
          accepted: [],
          refused: ofBase.map(({ cell }) => ({
            cell,
            what: cellTitle(cell, () => null),
            why: result.reason,
          })),
        });
    }
    return {
      accepted: written.flatMap(({ accepted }) => accepted),
      refused: written.flatMap(({ refused }) => refused),
    };
  }

  async function afterRefusals(
    quote: QuoteId,
    writes: readonly SubmittedWrite[],
    { accepted, refused }: WrittenCells,
  ): Promise<SubmitAnswer> {
    if (accepted.length === 0) return { kind: 'errors', errors: errorsOf(refused, writes) };
    const quoteNow = await reader.read(quote);
    if (quoteNow === null) return CLOSE;
    const notSaved = refused.map(({ what, why }) => `${what} (${why})`).join('; ');
    const heading = `Saved: ${listWords(accepted)}. Not saved: ${notSaved}.`;
    return { kind: 'update', view: renderEditModal({ ...quoteNow, quote }, { heading }) };
  }

  async function whyRefused({ cell, reason, message, applied, by }: ExplainedVerdict): Promise<string> {
    const nameOf = await reader.names(by === null ? [] : [by.user]);
    return refusalWords({
      cell,
      reason: reason ?? 'not_permitted',
      message,
      kept: applied,
      by: by === null ? null : { name: nameOf(by.user), role: by.role },
    });
  }

  return {
    async submitEdit(person, view) {
      const state = parseModalState(view.private_metadata);
      const read = readSubmission(view);
      if (state === null || !read.ok || !isQuoteId(state.quote)) return { kind: 'stale' };
      const { writes, errors } = read.value;
      if (Object.keys(errors).length > 0) return { kind: 'errors', errors };
      const [first] = writes;
      if (first === undefined) return CLOSE;
      const written = await writeAll(person, state.quote, writes);
      if ('problem' in written) return wrong(written.problem, first.input);
      return written.refused.length === 0 ? CLOSE : afterRefusals(state.quote, writes, written);
    },

    async submitChoice(person, view) {
      const state = parseChoiceState(view.private_metadata);
      const chosen = readChoice(view.state.values);
      if (state === null || chosen === null || !isQuoteId(state.quote))
        return wrong('Choose one of the values.', CHOICE_BLOCK);
      const actor = await access.actorIn(person, state.quote);
      const room = actor === null ? null : await rooms.open(state.quote);
      if (actor === null || room === null)
        return wrong('This quote is not there for you any more.', CHOICE_BLOCK);
      const other = chosen.kind === 'other' ? readTypedValue(state.cell, chosen.text) : null;
      if (other?.ok === false) return wrong(`This ${other.reason}.`, OTHER_BLOCK);
      const choice =
        chosen.kind === 'kept'
          ? ({ choose: 'kept' } as const)
          : chosen.kind === 'parked'
            ? ({ choose: 'parked', revision: chosen.revision } as const)
            : ({ choose: 'value', value: other?.ok === true ? other.value : null } as const);
      const tried = await tryWrite(() =>
        room.conflicts.settle(state.n, {
          chooser: actor,
          name: person.name,
          origin: 'slack',
          choice,
          base: state.revision,
        }),
      );
      if (!tried.ok) return wrong(tried.reason, CHOICE_BLOCK);
      const settled = tried.value;
      if (!settled.ok) return wrong(CHOICE_PROBLEMS[settled.reason], CHOICE_BLOCK);
      const refused = settled.value.verdicts.find(isRefused);
      return refused === undefined ? CLOSE : wrong(`${await whyRefused(refused)}.`, CHOICE_BLOCK);
    },

    async closeChoice(person, view) {
      const state = parseChoiceState(view.private_metadata);
      if (state === null || !isQuoteId(state.quote)) return;
      const actor = await access.actorIn(person, state.quote);
      if (actor !== null) rooms.peek(state.quote)?.conflicts.letGo(state.n, actor);
    },

    async showLine(person, view, line) {
      const state = parseModalState(view.private_metadata);
      if (state === null || !isQuoteId(state.quote)) return;
      if ((await access.actorIn(person, state.quote)) === null) return;
      const quoteNow = await reader.read(state.quote);
      if (quoteNow === null) return;
      const shown = { ...quoteNow, quote: state.quote };
      // Slack sends back the blocks as we sent them.
      await api.updateView(view.id, view.hash, withLine(view.blocks as readonly KnownBlock[], shown, line));
    },

    async lines(person, view, query) {
      const state = parseModalState(view.private_metadata);
      if (state === null || !isQuoteId(state.quote)) return [];
      if ((await access.actorIn(person, state.quote)) === null) return [];
      const quoteNow = await reader.read(state.quote);
      return quoteNow === null ? [] : lineOptions(quoteNow.snapshot, query);
    },
  };
}

const CHOICE_PROBLEMS = {
  no_such_conflict: 'Somebody settled this conflict already.',
  not_permitted: 'Your role or permission does not let you choose here.',
  no_such_choice: 'That value is not offered any more. Close this and press Choose again.',
} as const;

const ERROR_CHARS_MAX = 150;

const errorsOf = (
  refused: readonly RefusedCell[],
  writes: readonly SubmittedWrite[],
): Record<string, string> =>
  Object.fromEntries(
    refused.map(({ cell, why }) => {
      // Slack takes no error at an input that is not there.
      const input = (writes.find((write) => write.cell === cell) ?? writes[0])?.input ?? cell;
      return [input, `Not saved: ${clip(why, ERROR_CHARS_MAX)}.`];
    }),
  );

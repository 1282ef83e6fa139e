import type { InputBlock, KnownBlock, ModalView, PlainTextInput, PlainTextOption } from '@slack/types';
import { z } from 'zod';
import { type CellValue, parseCellId } from '../quote/cell.ts';
import { STATUSES } from '../quote/columns.ts';
import { columnTitle } from '../quote/column-titles.ts';
import type { Row, Snapshot } from '../quote/snapshot.ts';
import { STATUS_TITLES } from '../quote/status-titles.ts';
import { LINE_SEARCH, VIEWS } from './action-ids.ts';
import { clip, context, plain } from './blocks.ts';
import { LOCALE, cellWords } from './words.ts';
import { formatAmount } from '../quote/format-amount.ts';

/**
 * The pen: fields, one line at a time, found by search, and the discounts. Every input is named by its cell and the revision in
 * which that was read, and begins with what stood there: what comes back says by itself what the person changed, and what
 * they had seen.
 */
const modalStateSchema = z.object({ quote: z.string() });
export type ModalState = z.infer<typeof modalStateSchema>;

export function parseModalState(text: unknown): ModalState | null {
  try {
    const parsed = modalStateSchema.safeParse(JSON.parse(String(text)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Slack keeps what stands in an input of the same name when a view is updated, also what the person never touched; so that of
 * another revision has another name.
 */
const inputName = (cell: string, revision: number): string => `${cell}@${revision}`;

export function parseInputName(name: string): { readonly cell: string; readonly revision: number } | null {
  const [, cell, revision] = /^([^@]+)@(\d+)$/.exec(name) ?? [];
  if (cell === undefined || parseCellId(cell) === null || !Number.isSafeInteger(Number(revision)))
    return null;
  return { cell, revision: Number(revision) };
}

/** What Slack calls an input beside the block. */
const INPUT = 'value';
const SEARCH_BLOCK = 'line';

/** Slack shows no longer text in an input than this. */
const INPUT_CHARS_MAX = 3_000;
const DISCOUNTS_MAX = 10;
const FIELDS = ['title', 'customer', 'contact', 'owner', 'paymentTerms'];
const LINE_COLUMNS = ['name', 'quantity', 'unitPrice', 'discountPercent', 'description'];
const OPTIONS_MAX = 100;
const OPTION_CHARS_MAX = 75;

/** What is shown, and as of which revision. */
export interface FormSource {
  readonly quote: string;
  readonly revision: number;
  readonly snapshot: Snapshot;
}

export function renderEditModal(
  shown: FormSource,
  said: { readonly heading: string | null } = { heading: null },
): ModalView {
  const { revision, snapshot } = shown;
  const { fields } = snapshot;
  const discounts = snapshot.discounts.slice(0, DISCOUNTS_MAX);
  const leftOut = snapshot.discounts.length - discounts.length;
  return modal(shown.quote, [
    ...(said.heading === null ? [] : [context(said.heading)]),
    ...FIELDS.map((name) =>
      input({ cell: `fields/${name}`, revision, label: columnTitle('fields', name), value: fields[name] }),
    ),
    validUntil(revision, fields['validUntil']),
    status(revision, fields['status']),
    search(snapshot, undefined),
    ...discounts.map(({ id, cells }) => {
      const cell = `discounts/${id}/value`;
      return input({ cell, revision, label: discountTitle(cell, cells, snapshot), value: cells['value'] });
    }),
    ...(leftOut > 0 ? [context(`and ${leftOut} more discounts: open the quote for those`)] : []),
  ]);
}

/** The same modal with the cells of a line: all else in it stays as the person has it. */
export function withLine(
  blocks: readonly KnownBlock[],
  { quote, revision, snapshot }: FormSource,
  lineId: string,
): ModalView {
  const line = snapshot.lineItems.find(({ id }) => id === lineId);
  const rest = blocks.filter(({ block_id }) => block_id?.startsWith('lineItems/') !== true);
  return modal(
    quote,
    rest.flatMap((block) =>
      block.block_id === SEARCH_BLOCK
        ? [
            search(snapshot, line),
            ...(line === undefined
              ? [{ ...context('This line is not on the quote any more.'), block_id: 'lineItems/gone' }]
              : lineInputs(line, revision)),
          ]
        : [block],
    ),
  );
}

const modal = (quote: string, blocks: KnownBlock[]): ModalView => ({
  type: 'modal',
  callback_id: VIEWS.edit,
  private_metadata: JSON.stringify({ quote } satisfies ModalState),
  title: plain('Edit the quote', 24),
  submit: plain('Save', 24),
  close: plain('Close', 24),
  blocks,
});

const lineInputs = ({ id, cells }: Row, revision: number): KnownBlock[] =>
  LINE_COLUMNS.map((name) =>
    input({
      cell: `lineItems/${id}/${name}`,
      revision,
      label: columnTitle('lineItems', name),
      value: cells[name],
    }),
  );

interface Input {
  readonly cell: string;
  readonly revision: number;
  readonly label: string;
  readonly value: CellValue | undefined;
}

function input({ cell, revision, label, value }: Input): InputBlock {
  const text = typeof value === 'string' ? value : '';
  const element: PlainTextInput = {
    type: 'plain_text_input',
    action_id: INPUT,
    max_length: INPUT_CHARS_MAX,
    multiline: cell.endsWith('/description') || text.includes('\n'),
    ...(text !== '' && text.length <= INPUT_CHARS_MAX && { initial_value: text }),
  };
  return { type: 'input', block_id: inputName(cell, revision), optional: true, label: plain(label), element };
}

/** A date that Slack cannot show is left to the browser. */
function validUntil(revision: number, value: CellValue | undefined): InputBlock {
  const isDay = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  return {
    type: 'input',
    block_id: inputName('fields/validUntil', revision),
    optional: true,
    label: plain(columnTitle('fields', 'validUntil')),
    element: { type: 'datepicker', action_id: INPUT, ...(isDay && { initial_date: value }) },
  };
}

function status(revision: number, value: CellValue | undefined): InputBlock {
  const options = STATUSES.map((name) => ({ text: plain(STATUS_TITLES[name]), value: name }));
  const now = options.find((option) => option.value === value) ?? options[0];
  return {
    type: 'input',
    block_id: inputName('fields/status', revision),
    label: plain(columnTitle('fields', 'status')),
    element: {
      type: 'static_select',
      action_id: INPUT,
      options,
      ...(now !== undefined && { initial_option: now }),
    },
  };
}

const search = (snapshot: Snapshot, line: Row | undefined): KnownBlock => ({
  type: 'actions',
  block_id: SEARCH_BLOCK,
  elements: [
    {
      type: 'external_select',
      action_id: LINE_SEARCH,
      placeholder: plain(
        snapshot.lineItems.length === 0
          ? 'There are no lines'
          : line === undefined
            ? 'Find a line to edit'
            : 'Another line: save this one first',
        150,
      ),
      min_query_length: 0,
      ...(line !== undefined && { initial_option: lineOption(line, snapshot.lineItems.indexOf(line)) }),
    },
  ],
});

/** Lines by number, name or SKU, as many as Slack shows. */
export function lineOptions({ lineItems }: Snapshot, query: string): PlainTextOption[] {
  const asked = query.trim().toLowerCase();
  return lineItems
    .map((row, index) => ({ option: lineOption(row, index), words: searchText(row, index) }))
    .filter(({ words }) => words.includes(asked))
    .slice(0, OPTIONS_MAX)
    .map(({ option }) => option);
}

const searchText = ({ id, cells }: Row, index: number): string =>
  [`line ${index + 1}`, id, cells['name'], cells['sku']]
    .map((text) => String(text ?? '').toLowerCase())
    .join(' ');

function lineOption({ id, cells }: Row, index: number): PlainTextOption {
  const quantity =
    typeof cells['quantity'] === 'string' ? `${formatAmount(cells['quantity'], LOCALE)} x ` : '';
  const name = String(cells['name'] ?? cells['sku'] ?? id);
  return { text: plain(`${index + 1}. ${quantity}${name}`, OPTION_CHARS_MAX), value: id };
}

function discountTitle(cell: string, cells: Row['cells'], snapshot: Snapshot): string {
  const label = typeof cells['label'] === 'string' ? `: ${cells['label']}` : '';
  const unit = cells['kind'] === 'percent' ? ' in percent' : '';
  return clip(`${cellWords(cell, snapshot)}${label}${unit}`, 200);
}

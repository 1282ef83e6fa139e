import type { Button, KnownBlock } from '@slack/types';
import type { Role } from '../authority/role.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { EndReason, ParticipantStatus, SessionState } from '../wire/session-schemas.ts';
import { ACTIONS, formatActionValue } from './action-ids.ts';
import {
  type MessageContent,
  type Run,
  actions,
  bulleted,
  button,
  clip,
  content,
  context,
  firstOf,
  header,
  paragraphs,
} from './blocks.ts';
import { countWords, nameWords, personWords } from './words.ts';

/** What a card shows of a quote, in words. No time in it depends on when it is looked at: equal cards are equal. */
export interface CardView {
  /** The mirror that the card is of. */
  readonly mirror: string;
  readonly quote: QuoteId;
  readonly revision: number;
  /** Where the quote opens in a browser. */
  readonly url: string;
  readonly title: string;
  readonly customer: string;
  readonly status: string;
  /** "8,635.80 EUR" */
  readonly total: string;
  readonly lines: number;
  readonly state: SessionState;
  /** Held conflicts that wait for somebody. */
  readonly conflicts: number;
  readonly people: readonly CardPerson[];
  readonly lastChange: { readonly by: string; readonly what: string | null; readonly at: number } | null;
  /** When the session ends unless somebody does something; null where that is far off. */
  readonly endsAt: number | null;
  readonly ended: { readonly why: EndReason; readonly by: string | null; readonly at: number } | null;
}

export interface CardPerson {
  readonly name: string;
  readonly role: Role;
  readonly status: ParticipantStatus;
  /** "Discount of Line 3" */
  readonly cell: string | null;
  readonly lastActivityAt: number;
}

const PEOPLE_MAX = 8;
/** What a line of the card has room for. */
const TITLE_CHARS_MAX = 150;
const CUSTOMER_CHARS_MAX = 120;
const FACT_CHARS_MAX = 60;
const CELL_CHARS_MAX = 120;

/** The one message that stands for a quote in a channel. */
export function renderCard(view: CardView): MessageContent {
  const { customer, lines, ended } = view;
  const name = view.title.trim() === '' ? view.quote : view.title;
  const status = clip(view.status, FACT_CHARS_MAX);
  const total = clip(view.total, FACT_CHARS_MAX);
  const facts: Run[] = [
    ...(customer.trim() === '' ? [] : [clip(customer, CUSTOMER_CHARS_MAX), ' · ']),
    status,
    ' · ',
    countWords(lines, 'line'),
    ' · ',
    { bold: total },
  ];
  const blocks: KnownBlock[] = [
    header(name),
    paragraphs(facts, ended === null ? stateLine(view) : endedLine(ended)),
    ...(ended === null ? livePart(view) : [paragraphs([{ link: view.url, text: 'Open the quote' }])]),
    context(
      `Quote ${view.quote}, revision ${view.revision}${ended === null ? '' : '. Share it again to go on here.'}`,
    ),
  ];
  const heading = ended === null ? '' : 'Session ended. ';
  return content(`${heading}${clip(name, TITLE_CHARS_MAX)}: ${status}, ${total}`, blocks);
}

function livePart(view: CardView): KnownBlock[] {
  const { people, lastChange } = view;
  return [
    ...(people.length === 0 ? [] : [bulleted(firstOf(people, PEOPLE_MAX, personLine))]),
    ...(lastChange === null ? [] : [paragraphs(lastChangeLine(lastChange))]),
    buttons(view),
  ];
}

function stateLine(view: CardView): readonly Run[] {
  const waiting = waitingWords(view);
  const line = `Live: ${hereWords(view)}.${waiting === null ? '' : ` ${waiting}.`}`;
  if (view.endsAt === null) return [line];
  return [`${line} The session ends at `, { at: view.endsAt }, ' unless somebody goes on.'];
}

function hereWords({ people }: CardView): string {
  if (people.length === 0) return 'nobody is here right now';
  return people.length === 1
    ? '1 person'
    : `${countWords(people.length, 'person', 'people')} working together`;
}

/** Of what concerns everyone in it. */
function waitingWords({ state, conflicts }: CardView): string | null {
  if (conflicts === 0) return state === 'resolved' ? 'The conflict is settled' : null;
  const waits = countWords(conflicts, 'conflict waits', 'conflicts wait');
  return state === 'resolving'
    ? `${waits} for a choice, and somebody is choosing`
    : `${waits} for somebody to choose`;
}

function endedLine({ why, by, at }: NonNullable<CardView['ended']>): readonly Run[] {
  const who = by === null ? '' : ` by ${nameWords(by)}`;
  const because = why === 'inactive' ? ', after nothing had happened in it for a while' : who;
  return ['Session ended ', { on: at }, `${because}.`];
}

function personLine({ name, role, status, cell, lastActivityAt }: CardPerson): readonly Run[] {
  const who = personWords(name, role);
  switch (status) {
    case 'editing':
      return [{ bold: who }, cell === null ? ' is editing' : ` is editing ${clip(cell, CELL_CHARS_MAX)}`];
    case 'idle':
      return [who, ' has been idle since ', { at: lastActivityAt }];
    case 'away':
      return [who, ' is away'];
    default:
      return [who, ' is viewing'];
  }
}

const lastChangeLine = ({ by, what, at }: NonNullable<CardView['lastChange']>): readonly Run[] => [
  `Last change: ${what === null ? '' : `${clip(what, CELL_CHARS_MAX)} `}by ${nameWords(by)}, `,
  { on: at },
];

const valueOf = ({ mirror, quote, revision }: CardView): string =>
  formatActionValue({ quote, mirror, revision });

const openButton = (view: CardView): Button =>
  button({ text: 'Open', action: ACTIONS.open, value: valueOf(view), url: view.url });

function buttons(view: CardView): KnownBlock {
  const value = valueOf(view);
  return actions(
    button({ text: 'Edit', action: ACTIONS.edit, value, style: 'primary' }),
    openButton(view),
    button({ text: 'Refresh', action: ACTIONS.refresh, value }),
    button({ text: 'Leave', action: ACTIONS.leave, value }),
    button({
      text: 'Done editing',
      action: ACTIONS.done,
      value,
      confirm: {
        title: { type: 'plain_text', text: 'End the session?' },
        text: {
          type: 'plain_text',
          text: 'It ends for everyone who is in it, here and in the browser. The quote stays as it is.',
        },
        confirm: { type: 'plain_text', text: 'End it' },
        deny: { type: 'plain_text', text: 'Go on' },
      },
    }),
  );
}

import { type QuoteId, isQuoteId } from '../lib/ids.ts';
import type { Log } from '../log/log.ts';
import { formatMoney } from '../quote/format-amount.ts';
import { statusTitle } from '../quote/status-titles.ts';
import type { Access } from '../session/access.ts';
import type { Person } from '../session/directory.ts';
import { clip, escapeText, escapeTyped } from './blocks.ts';
import { findCell } from './find-cell.ts';
import { type QuoteReader, quoteUrl } from './quote-reader.ts';
import { type QuoteSharer, noSuchQuote } from './share-quote.ts';
import type { SlackStore } from './slack-store.ts';
import { readTypedValue } from './typed-value.ts';
import { LOCALE, valueWords } from './words.ts';
import type { CellWriter } from './write-cells.ts';

/** `/quote ...`: answers the person who typed it, and nobody else, in Slack's markup. */
export interface CommandRunner {
  run(asked: { readonly person: Person; readonly channel: string; readonly text: string }): Promise<string>;
}

export interface CommandRunnerDeps {
  readonly store: Pick<SlackStore, 'mirrors'>;
  readonly sharer: QuoteSharer;
  readonly writer: CellWriter;
  readonly reader: Pick<QuoteReader, 'read'>;
  readonly access: Pick<Access, 'actorIn'>;
  readonly log: Pick<Log, 'quotes'>;
  readonly publicUrl: () => string;
}

const LISTED_MAX = 10;
const LOOKED_AT_MAX = 500;
const PAGE = 100;
const TEXT_CHARS_MAX = 60;

export const HELP = [
  '*Quotes in Slack*',
  '`/quote list` shows your newest quotes, `/quote list acme` those with a word',
  '`/quote share QUOTE` puts its live card into this channel, and starts a session where none is open',
  '`/quote set QUOTE 1 quantity 5` changes the first line, `/quote set QUOTE title New title` a field; `""` empties it',
  '`/quote help` shows this',
  'On the card: *Edit* opens a form, *Open* the quote in your browser, *Leave* takes you off, *Done editing* ends the session (hosts).',
].join('\n');

export function createCommandRunner(deps: CommandRunnerDeps): CommandRunner {
  const { store, sharer, writer, reader, access, log } = deps;

  async function share(person: Person, channel: string, quote: string): Promise<string> {
    if (!isQuoteId(quote)) return 'Which quote? `/quote share QUOTE`, with its id; `/quote list` shows them.';
    const shared = await sharer.share({ quote, channel, person });
    if (!shared.ok) return shared.reason;
    const where = `#${escapeText(shared.value.channelName)}`;
    return shared.value.isKnown
      ? `${quote} is in ${where} already. Its card is brought up to date.`
      : `The card of ${quote} comes to ${where}.`;
  }

  async function list(person: Person, text: string): Promise<string> {
    const found: string[] = [];
    let after: string | undefined;
    for (let looked = 0; looked < LOOKED_AT_MAX && found.length <= LISTED_MAX; looked += PAGE) {
      const page = await log.quotes({
        limit: PAGE,
        ...(text !== '' && { text }),
        ...(after !== undefined && { after }),
      });
      for (const { id, title, customer, status, total, currency } of page.quotes) {
        if ((await access.actorIn(person, id)) === null) continue;
        const name = [title, customer]
          .filter((part) => part !== '')
          .map((part) => clip(part, TEXT_CHARS_MAX));
        const what = [...name, statusTitle(status), formatMoney(total, currency, LOCALE)].join(' · ');
        found.push(`• <${quoteUrl(deps.publicUrl(), id)}|${id}> ${escapeTyped(what)}`);
      }
      after = page.next ?? undefined;
      if (after === undefined) break;
    }
    if (found.length === 0 && after !== undefined)
      return 'Among the newest quotes is none that you may see. Search with a word: `/quote list acme`.';
    if (found.length === 0)
      return text === '' ? 'There are no quotes that you may see.' : 'No quote of yours has these words.';
    const more = found.length > LISTED_MAX ? [`More of them: <${deps.publicUrl()}/quotes|all quotes>`] : [];
    return [...found.slice(0, LISTED_MAX), ...more].join('\n');
  }

  async function set(person: Person, channel: string, quote: string, words: string): Promise<string> {
    if (!isQuoteId(quote) || words === '')
      return 'What is to be set? `/quote set QUOTE 1 quantity 5`, or `/quote set QUOTE title New title`.';
    if ((await access.actorIn(person, quote)) === null) return noSuchQuote(quote);
    const quoteNow = await reader.read(quote);
    if (quoteNow === null) return noSuchQuote(quote);
    const found = findCell(words, quoteNow.snapshot);
    if (!found.ok) return escapeTyped(`Nothing was changed: ${clip(found.reason, 200)}.`);
    const { cell } = found.value;
    if (found.value.value === '') return 'What is it to be? `""` empties it.';
    const value = readTypedValue(cell, found.value.value);
    if (!value.ok) return escapeTyped(`Nothing was changed: the value ${value.reason}.`);
    // What they saw is the card, where there is one: what changed since then is not theirs to override unseen.
    const base = seenIn(quote, channel) ?? quoteNow.revision;
    const written = await writer.write(person, quote, { writes: [{ cell, value: value.value }], base });
    if (!written.ok) return escapeTyped(written.reason);
    const [refused] = written.value.refused;
    const said =
      refused === undefined
        ? `${written.value.accepted[0] ?? cell} is ${valueWords(cell, value.value)} now.`
        : `${refused.what} was not changed: ${refused.why}.`;
    return escapeTyped(said);
  }

  const seenIn = (quote: QuoteId, channel: string): number | null =>
    store.mirrors.ofChannel(quote, channel)?.shownRevision ?? null;

  return {
    run({ person, channel, text }) {
      const [, verb = '', quote = '', rest = ''] = /^(\S*)\s*(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
      switch (verb.toLowerCase()) {
        case 'share':
        case 'start':
          return share(person, channel, quote);
        case 'list':
          return list(person, text.trim().slice(verb.length).trim());
        case 'set':
          return set(person, channel, quote, rest);
        case '':
        case 'help':
          return Promise.resolve(HELP);
        default:
          return Promise.resolve(`There is no such command.\n${HELP}`);
      }
    },
  };
}

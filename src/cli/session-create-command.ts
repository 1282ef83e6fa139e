import type { Command } from 'commander';
import type { z } from 'zod';
import type { QuoteId } from '../lib/ids.ts';
import { LINK_PERMISSIONS, madeLinkSchema } from '../wire/link-schemas.ts';
import { type SessionJson, sessionSchema } from '../wire/session-schemas.ts';
import { callServer } from './call-server.ts';
import { CommandFailure, UsageError } from './command-errors.ts';
import { parseQuoteId } from './find-quote.ts';
import { showTime } from './moment.ts';
import { plain } from './plain-text.ts';
import { type ServerAddress, type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { askQuote, quoteFailure } from './session-requests.ts';
import { describeSession } from './session-text.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface CreateOptions extends ServerOptions {
  /** True where the flag has no value. */
  readonly share?: string | true;
  readonly json?: true;
}

export function addSessionCreateCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('create')
    .argument('<quote>', 'its id')
    .description('Start a session of a quote, or show the one that is open')
    .option(
      '--share [permission]',
      `make a share link too, for a ${LINK_PERMISSIONS.join(' or an ')} (default: viewer)`,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A quote has one open session. Joining it in a browser does the same. Starting one is for editors and hosts; a share
link, which is good for 7 days and shown this once, is for hosts.

Examples:
  quoteroom session create q-acme-2026
  quoteroom session create q-acme-2026 --share editor`,
    );
  addServerOptions(command).action((quote: string, options: CreateOptions) =>
    create(context, quote, options),
  );
}

type Link = z.infer<typeof madeLinkSchema>;

async function create(context: CommandContext, text: string, options: CreateOptions): Promise<void> {
  const permission = linkPermissionOf(options.share);
  const server = serverOf(options, context.env);
  const quote = parseQuoteId(text);
  const session = await start(server, quote);
  const link = permission === null ? null : await makeLink(server, { session, quote }, permission);
  if (options.json) printJson(context, link === null ? { session } : { session, link });
  else
    printLines(
      context,
      [...describeSession(session), ...(link === null ? [] : describeLink(link))].map(plain),
    );
}

function linkPermissionOf(share: CreateOptions['share']): string | null {
  if (share === undefined) return null;
  const permission = share === true ? 'viewer' : share;
  if (LINK_PERMISSIONS.some((one) => one === permission)) return permission;
  throw new UsageError(`--share takes ${LINK_PERMISSIONS.join(' or ')}, not "${permission}"`);
}

async function start(server: ServerAddress, quote: QuoteId): Promise<SessionJson> {
  const request = { method: 'POST', path: '/api/sessions', body: { quoteId: quote } } as const;
  const answer = await callServer(server, request, sessionSchema);
  if (answer.ok) return answer.value;
  throw quoteFailure(answer.reason, quote, server.url);
}

async function makeLink(
  server: ServerAddress,
  { session, quote }: { readonly session: SessionJson; readonly quote: QuoteId },
  permission: string,
): Promise<Link> {
  try {
    return await askQuote(
      server,
      { method: 'POST', quote, what: 'links', body: { permission } },
      madeLinkSchema,
    );
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new CommandFailure(
      error.code,
      `session ${session.id} is open, but there is no link: ${error.message}`,
    );
  }
}

const describeLink = ({ url, permission, expiresAt }: Link): string[] => [
  `Link for ${permission === 'editor' ? 'an' : 'a'} ${permission}, ${expiresAt === null ? 'for good' : `until ${showTime(expiresAt)} UTC`}:`,
  `  ${url}`,
];

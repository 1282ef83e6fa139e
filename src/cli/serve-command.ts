import type { Command } from 'commander';
import { SHUTDOWN_MS } from '../lib/limits.ts';
import { settingsOf } from './command-settings.ts';
import { later } from './process-clock.ts';
import { FIRST_DEMO_CELL, createDemoQuotes } from './demo-quotes.ts';
import { DEMO_TOKEN_DAYS, signDemoPeople } from './demo-sign-in.ts';
import { type ServerLog, createServerLog } from './server-log.ts';
import { type RunningServer, startServer } from './start-server.ts';
import { slackAddress } from './slack-address.ts';
import { renderTable } from './table.ts';
import { type CommandContext, printLines } from './terminal.ts';

interface ServeOptions {
  readonly dev?: true;
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
  readonly config?: string;
  readonly verbose?: true;
}

export function addServeCommand(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('Run the server')
    .option(
      '--dev',
      'try it out: demo people and quotes, a secret kept in the data folder, this machine only',
    )
    .option('--host <host>', 'the address to listen at (default: 127.0.0.1)')
    .option('--port <port>', 'the port to listen at, 0 for any free one (default: 8080)')
    .option('--data <folder>', 'the data folder (default: ./data)')
    .option('--config <file>', 'the settings file (default: quoteroom.yaml)')
    .option('--verbose', 'note everything on standard error, as JSON')
    .addHelpText(
      'after',
      `
Settings come from these flags, then QUOTEROOM_* variables, then quoteroom.yaml. Without --dev there must be
QUOTEROOM_SECRET (at least 32 random bytes), or QUOTEROOM_JWKS_URL and QUOTEROOM_AUDIENCE. Ctrl+C stops the server once
all edits are stored.

Examples:
  quoteroom serve --dev
  QUOTEROOM_SECRET=$(openssl rand -base64 32) quoteroom serve --host 0.0.0.0 --data /var/lib/quoteroom`,
    )
    .action((options: ServeOptions) => serve(context, options));
}

async function serve(context: CommandContext, options: ServeOptions): Promise<void> {
  const settings = settingsOf(context, options);
  const log = createServerLog(context.err, { level: logLevelOf(context, options) });
  const stopped = new Promise<void>((resolve) => void context.onStop(resolve));
  const server = await startServer(settings, { log, now: context.now });
  log.logger.info({ url: server.url, data: settings.data }, 'listening');
  context.out(`Quoteroom listens at ${server.url} (data in ${settings.data}). Ctrl+C stops it.\n`);
  const slack = slackAddress(settings.slack, server.url);
  if (slack !== null) context.out(`${slack}\n`);
  if (settings.ineffective.length > 0) {
    context.out(`Warning: set, but without effect yet: ${settings.ineffective.join(', ')}.\n`);
  }
  if (settings.dev) await welcome(context, server);
  await stopped;
  await shutDown(context, server, log);
}

/** Who tries it out, or sits before it, reads what is printed for people, and of the lines of JSON only what is wrong. */
function logLevelOf({ isScreen }: CommandContext, { dev, verbose }: ServeOptions): 'debug' | 'info' | 'warn' {
  if (verbose === true) return 'debug';
  return isScreen || dev === true ? 'warn' : 'info';
}

async function welcome(context: CommandContext, server: RunningServer): Promise<void> {
  const quotes = server.isNew ? await createDemoQuotes(server) : [];
  if (quotes.length > 0) context.out(`New here: the demo quotes ${quotes.join(', ')}.\n`);
  // An identity provider of one's own signs tokens by itself.
  const { secret, secretPath } = server;
  if (secret === null) return;
  const people = await signDemoPeople(secret, context.now());
  const links = people.map(({ name, role, token }) => [`  ${name}`, role, `${server.url}/?token=${token}`]);
  const kept = secretPath === null ? '' : `: their secret is kept in ${secretPath}, for this account only`;
  const { program } = context;
  printLines(context, [
    '',
    `Open ${server.url} in a browser and choose who you are, or take one of these links:`,
    '',
    ...renderTable([{ title: 'Sign in as' }, { title: '' }, { title: '' }], links),
    '',
    'Or in another terminal, as one of them, with what stands behind "token=" in their link:',
    `  export QUOTEROOM_URL=${server.url}`,
    '  export QUOTEROOM_TOKEN=TOKEN',
    'and then:',
    `  ${program} watch ${FIRST_DEMO_CELL.quote}`,
    `  ${program} set ${FIRST_DEMO_CELL.quote} ${FIRST_DEMO_CELL.cell} ${FIRST_DEMO_CELL.value}`,
    `  ${program} audit log ${FIRST_DEMO_CELL.quote}`,
    '',
    `Links and tokens are good for ${DEMO_TOKEN_DAYS} days, also after a restart${kept}.`,
    '',
  ]);
}

/** Some of the time until the system loses its patience is for ending the process. */
const LAST_WORDS_MS = 500;

async function shutDown(
  context: CommandContext,
  server: RunningServer,
  { logger }: ServerLog,
): Promise<void> {
  logger.info('stopping');
  const closed = server.close().then(() => true);
  const tooLate = new Promise<false>((resolve) => {
    const cancel = later(SHUTDOWN_MS - LAST_WORDS_MS, () => resolve(false));
    void closed.finally(cancel);
  });
  if (await Promise.race([closed, tooLate])) {
    logger.info('stopped');
    return;
  }
  logger.error('stopped before every connection was closed; what was acknowledged is stored');
  context.end(1);
}

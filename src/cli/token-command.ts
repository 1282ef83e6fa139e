import { join } from 'node:path';
import type { Command } from 'commander';
import { ROLES, isRole } from '../authority/role.ts';
import { parseDuration } from '../lib/duration.ts';
import { isUserId } from '../lib/ids.ts';
import { signToken } from '../session/tokens.ts';
import { settingsOf } from './command-settings.ts';
import { type CommandContext, printJson } from './terminal.ts';
import type { Secret } from './secret.ts';
import { UsageError } from './command-errors.ts';

interface TokenOptions {
  readonly user: string;
  readonly role: string;
  readonly name?: string;
  readonly email?: string;
  readonly expires: string;
  readonly config?: string;
  readonly json?: true;
}

export function addTokenCommand(program: Command, context: CommandContext): void {
  program
    .command('token')
    .description('Sign a token that lets somebody in')
    .requiredOption('--user <id>', 'who it is about, as the rest of your company knows them')
    .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
    .option('--name <name>', 'the name that others see (default: the user id)')
    .option('--email <address>', 'finds this person in Slack')
    .option('--expires <duration>', 'how long it is good for: 30m, 12h, 7d', '12h')
    .option('--config <file>', 'the settings file (default: quoteroom.yaml)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The token is signed with the secret of the server: set QUOTEROOM_SECRET, or run this beside its quoteroom.yaml. That
of a demo server is in its data folder: QUOTEROOM_SECRET=$(cat data/dev-secret). Where an identity provider signs people
in (jwksUrl), tokens come from there.

Examples:
  quoteroom token --user rita --role sales_rep --name "Rita Reyes"
  export QUOTEROOM_TOKEN=$(quoteroom token --user ada --role admin --expires 7d)`,
    )
    .action((options: TokenOptions) => printToken(context, options));
}

async function printToken(context: CommandContext, options: TokenOptions): Promise<void> {
  const { user, role, name, email } = options;
  if (!isUserId(user)) throw new UsageError(`--user takes 1 to 128 characters without spaces, not "${user}"`);
  if (!isRole(role)) throw new UsageError(`--role is one of ${ROLES.join(', ')}, not "${role}"`);
  const lifetime = parseDuration(options.expires);
  if (!lifetime.ok) throw new UsageError(`--expires: ${lifetime.reason}`);
  const secret = secretOf(context, options);
  const now = context.now();
  const token = await signToken(
    secret.reveal(),
    { user, role, name, email },
    { now, lifetimeMs: lifetime.value },
  );
  if (options.json) printJson(context, { token, user, role, expiresAt: now + lifetime.value });
  else context.out(`${token}\n`);
}

/** Throws a `UsageError` that says where tokens come from instead. */
function secretOf(context: CommandContext, { config }: TokenOptions): Secret {
  // Read as for a demo server, that a missing secret is told in the words of this command and not in those of `serve`.
  const { auth, data } = settingsOf(context, { config, dev: true, host: '127.0.0.1' });
  if (auth.kind === 'secret') return auth.secret;
  throw new UsageError(
    auth.kind === 'jwks'
      ? 'your identity provider makes the tokens of this server (jwksUrl is set): get one there; this program ' +
          'cannot sign them'
      : "there is no secret to sign with: set QUOTEROOM_SECRET to the server's secret; for a demo server: " +
          `QUOTEROOM_SECRET=$(cat ${join(data, 'dev-secret')})`,
  );
}

import type { Command } from 'commander';
import { slackManifest } from '../slack/manifest.ts';
import { UsageError } from './command-errors.ts';
import { storeSettingsOf } from './command-settings.ts';
import { plain } from './plain-text.ts';
import { type CommandContext, printJson } from './terminal.ts';

interface ManifestOptions {
  readonly url?: string;
  readonly socketMode?: true;
  readonly config?: string;
}

export function addSlackManifestCommand(parent: Command, context: CommandContext): void {
  parent
    .command('manifest')
    .description('Print what Slack makes the app from, as JSON')
    .option('--url <url>', 'where people reach the server (default: the setting publicUrl)')
    .option('--socket-mode', 'for a server that Slack cannot reach: it calls Slack instead')
    .option('--config <file>', 'the settings file (default: quoteroom.yaml)')
    .addHelpText(
      'after',
      `
Paste it at https://api.slack.com/apps: Create New App, From a manifest, JSON. docs/slack.md says what comes next.

Examples:
  quoteroom slack manifest --url https://quotes.example.com
  quoteroom slack manifest --socket-mode`,
    )
    .action((options: ManifestOptions) => {
      printJson(context, manifestFor(context, options));
    });
}

function manifestFor(context: CommandContext, { url, socketMode, config }: ManifestOptions) {
  // No address is in it, so there need be none.
  if (socketMode === true) return slackManifest('', { socketMode });
  const publicUrl = url ?? storeSettingsOf(context, { ...(config !== undefined && { config }) }).publicUrl;
  return slackManifest(parseCalledUrl(publicUrl), { socketMode: false });
}

/** An address that Slack can call. */
function parseCalledUrl(text: string): string {
  const shown = plain(text.split('?', 1)[0] ?? '');
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new UsageError(`the server's address is like https://quotes.example.com, not "${shown}"`);
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '' || search !== '' || hash !== '')
    throw new UsageError(
      "the server's address is like https://quotes.example.com, with no name before it and nothing behind it",
    );
  if (isThisMachine(hostname)) {
    throw new UsageError(
      `Slack cannot call ${shown}, which is this machine only: give the address that people reach with --url (or ` +
        'publicUrl), or take --socket-mode, where the server calls Slack',
    );
  }
  if (protocol !== 'https:') {
    throw new UsageError(
      `Slack calls https only, not ${shown}: put TLS in front of the server and give its https address with --url (or ` +
        'publicUrl), or take --socket-mode, where the server calls Slack',
    );
  }
  return text;
}

const isThisMachine = (hostname: string): boolean =>
  /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname);

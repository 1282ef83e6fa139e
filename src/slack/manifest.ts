import type { AppsManifestCreateArguments } from '@slack/web-api';
import { COMMAND, EVENTS, EVENTS_PATH, SCOPE_REASONS, type Scope } from './registered.ts';

/** What Slack makes the app from; its reference is https://docs.slack.dev/reference/app-manifest. */
export type SlackManifest = AppsManifestCreateArguments['manifest'];

/**
 * The app for a server that people reach at `publicUrl`. In Socket Mode it is the server that calls Slack, and
 * no address is needed.
 */
export function slackManifest(
  publicUrl: string,
  { socketMode }: { readonly socketMode: boolean },
): SlackManifest {
  const url = publicUrl.replace(/\/+$/, '') + EVENTS_PATH;
  return {
    display_information: {
      name: 'Quoteroom',
      description:
        'Sales quotes, live: a card in the channel, edits in its thread, conflicts for people to settle.',
      background_color: '#1f3a5f',
    },
    features: {
      // Without its Messages tab an app cannot send direct messages. It reads none.
      app_home: {
        home_tab_enabled: false,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: true,
      },
      bot_user: { display_name: 'quoteroom', always_online: true },
      slash_commands: [
        {
          command: COMMAND,
          description: 'List quotes, share one with this channel, or change it',
          usage_hint: 'list [words] | share QUOTE | set QUOTE 1 quantity 5 | help',
          should_escape: false,
          ...(!socketMode && { url }),
        },
      ],
    },
    oauth_config: { scopes: { bot: SCOPES } },
    settings: {
      event_subscriptions: { ...(!socketMode && { request_url: url }), bot_events: [...EVENTS] },
      interactivity: {
        is_enabled: true,
        // The second is asked for the lines that somebody searches in the form.
        ...(!socketMode && { request_url: url, message_menu_options_url: url }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: socketMode,
      token_rotation_enabled: false,
    },
  };
}

// Keys are no more than what the type says.
const SCOPES = Object.keys(SCOPE_REASONS) as Scope[];

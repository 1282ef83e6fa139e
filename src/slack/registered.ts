/**
 * What the app registers with Bolt and calls of Slack: the one list that the code, the manifest and the docs are made of. Of each
 * scope it says why.
 */
export const COMMAND = '/quote';

/** Where Slack calls us over HTTP. */
export const EVENTS_PATH = '/slack/events';

export const EVENTS = [
  'app_uninstalled',
  'tokens_revoked',
  'channel_archive',
  'channel_unarchive',
  'channel_deleted',
  'channel_rename',
  'channel_shared',
  'group_archive',
  'group_unarchive',
  'group_deleted',
  'group_rename',
] as const;

export const SCOPE_REASONS = {
  commands: '`/quote`',
  'chat:write': 'the card, notices in its thread, private answers, and who is editing',
  'channels:read': 'whether people of other companies read a channel, and when it is archived',
  'groups:read': 'the same of private channels that the app was invited to',
  'channels:history': 'to look whether a message arrived before it is sent again',
  'groups:history': 'the same in private channels',
  'im:history': 'the same in direct messages of the app',
  'im:write': 'to tell the author of an edit, and nobody else, what became of it',
  'users:read': 'whether somebody is of this workspace, and their name',
  'users:read.email': 'which person of Quoteroom somebody is',
} as const;

export type Scope = keyof typeof SCOPE_REASONS;

/** The scopes that each method needs, by Slack's reference; none where any token will do. */
export const METHOD_SCOPES: Readonly<Record<string, readonly Scope[]>> = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'users.info': ['users:read', 'users:read.email'],
  'users.lookupByEmail': ['users:read.email'],
  'views.open': [],
  'views.update': [],
  'assistant.threads.setStatus': ['chat:write'],
};

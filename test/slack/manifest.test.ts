import { expect, test } from 'vitest';
import { slackManifest } from '../../src/slack/manifest.ts';
import { COMMAND, EVENTS, EVENTS_PATH, METHOD_SCOPES, SCOPE_REASONS } from '../../src/slack/registered.ts';

import { readText } from '../support/source-tree.ts';

const overHttp = slackManifest('https://quotes.example.com', { socketMode: false });
const overSocket = slackManifest('', { socketMode: true });

test('manifest.json is what the code builds', () => {
  expect(JSON.parse(readText('src/slack/manifest.json'))).toEqual(overHttp);
});

test('an address with a path, or a slash at the end, keeps its path', () => {
  const { settings } = slackManifest('https://example.com/quotes/', { socketMode: false });
  expect(settings?.event_subscriptions?.request_url).toBe('https://example.com/quotes/slack/events');
});

test('in Socket Mode there is no address in it, and all the rest is the same', () => {
  expect(JSON.stringify(overSocket)).not.toMatch(/url"|https?:/);
  const without = JSON.stringify(overHttp, (key, value: unknown) =>
    key.endsWith('url') ? undefined : value,
  );
  const withMode = without.replace('"socket_mode_enabled":false', '"socket_mode_enabled":true');
  expect(overSocket).toEqual(JSON.parse(withMode));
});

test("texts are within Slack's limits", () => {
  const { display_information: shown, features } = overHttp;
  expect(shown.name.length).toBeLessThanOrEqual(35);
  expect(shown.description?.length).toBeLessThanOrEqual(140);
  expect(features?.bot_user?.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
  expect(features?.slash_commands?.every(({ description }) => description.length <= 2_000)).toBe(true);
});

test('the scopes are those that the methods need, and one for the command, each with its reason', () => {
  const needed = new Set(['commands', ...Object.values(METHOD_SCOPES).flat()]);
  expect(Object.keys(SCOPE_REASONS).toSorted()).toEqual([...needed].toSorted());
  expect(overHttp.oauth_config?.scopes?.bot?.toSorted()).toEqual([...needed].toSorted());
  expect(Object.values(SCOPE_REASONS)).not.toContain('');
});

test('events of channels come with scopes that are asked for', () => {
  const scopes = Object.keys(SCOPE_REASONS);
  const needed = EVENTS.flatMap((type) =>
    type.startsWith('channel_') ? ['channels:read'] : type.startsWith('group_') ? ['groups:read'] : [],
  );
  expect(scopes).toEqual(expect.arrayContaining(needed));
});

test('the methods are those that are called, and nothing else of Slack is', () => {
  const calls = readText('src/slack/slack-api.ts').matchAll(/\bclient\.([a-z]\w*(?:\.\w+)+)\(/gi);
  const called = new Set([...calls].map(([, method]) => method));
  expect([...called].toSorted()).toEqual(Object.keys(METHOD_SCOPES).toSorted());
});

test('what Bolt listens to is what the manifest says', () => {
  const code = readText('src/slack/bolt-app.ts');
  const listeners = [...code.matchAll(/\bapp\.(\w+)(?:<\w+>)?\(([^,]+),/g)].map(
    ([, kind = '', of = '']) => `${kind} ${of}`,
  );
  expect(listeners.toSorted()).toEqual([
    String.raw`action /[\s\S]*/`,
    'command COMMAND',
    'event type',
    'options LINE_SEARCH',
    String.raw`view /[\s\S]*/`,
    'view { callback_id: VIEWS.choose',
  ]);
  expect(code).toMatch(/for \(const type of EVENTS\) \{\s*app\.event\(type,/);
  const { features, settings } = overHttp;
  expect(features?.slash_commands?.map(({ command }) => command)).toEqual([COMMAND]);
  expect(settings?.event_subscriptions?.bot_events).toEqual(EVENTS);
  const address = 'https://quotes.example.com/slack/events';
  expect(features?.slash_commands?.[0]?.url).toBe(address);
  expect(settings?.event_subscriptions?.request_url).toBe(address);
  expect(settings?.interactivity).toEqual({
    is_enabled: true,
    request_url: address,
    message_menu_options_url: address,
  });
});

test('the address is the one that the server takes requests at', () => {
  expect(readText('src/http/slack-route.ts')).toContain(`url: '${EVENTS_PATH}'`);
});

test('the app may send direct messages, which takes its Messages tab', () => {
  expect(overHttp.features?.app_home?.messages_tab_enabled).toBe(true);
});

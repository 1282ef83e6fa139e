/** What docs/slack.md says of scopes, settings and metrics, beside what there is. */
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { HELP } from '../../src/slack/run-command.ts';
import { settingKeys } from '../../src/cli/settings-schema.ts';
import { createSlackCounters } from '../../src/http/slack-metrics.ts';
import { SCOPE_REASONS } from '../../src/slack/registered.ts';
import { readText } from '../support/source-tree.ts';
import { sectionOf, tableRows } from './fenced-blocks.ts';

const DOCUMENT = readText('docs/slack.md');
const rowsOf = (heading: string): string[][] => tableRows(sectionOf(DOCUMENT, heading));
const withoutCode = (text: string): string => text.replaceAll('`', '');

test('the scopes are those of the manifest, each with the same reason', () => {
  const [, ...rows] = rowsOf('Scopes');
  const inCode = Object.entries(SCOPE_REASONS).map(([scope, reason]) => [scope, withoutCode(reason)]);
  expect(rows).toEqual(inCode);
});

test('the settings are those that there are', () => {
  const named = rowsOf('Setting up Slack in ten minutes').flatMap(([first = '']) =>
    first.split(', ').filter((key) => key.startsWith('slack.')),
  );
  const known = [...settingKeys.keys()].filter((key) => key.startsWith('slack.'));
  expect(named.toSorted()).toEqual(known.toSorted());
  const variables = [...DOCUMENT.matchAll(/QUOTEROOM_SLACK_\w+/g)].map(([name]) => name);
  const knownVariables = [...settingKeys.values()].map(({ variable }) => variable);
  expect(knownVariables).toEqual(expect.arrayContaining(variables));
});

test('the metrics are those that there are', async () => {
  const registry = new Registry();
  createSlackCounters(registry, () => ({
    ...{ waiting: 0, oldestWaitingAge: 0, paused: 0, live: 0, isStopped: false, isConnected: true },
  }));
  const inCode = (await registry.getMetricsAsJSON()).map(({ name }) => name);
  const [, ...rows] = rowsOf('When Slack refuses');
  const inTable = rows.flatMap(([names = '']) => names.split(', ').map((name) => name.replace(/\{.*/, '')));
  const listed = inTable.filter((name) => name.startsWith('quoteroom_'));
  expect(listed.toSorted()).toEqual(inCode.toSorted());
});

test('commands are those that the app helps with', () => {
  const named = new Set([...DOCUMENT.matchAll(/\/quote (\w+)/g)].map(([, verb]) => verb));
  const helped = new Set([...HELP.matchAll(/\/quote (\w+)/g)].map(([, verb]) => verb));
  expect([...named].toSorted()).toEqual([...helped].toSorted());
});

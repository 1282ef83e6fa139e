import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSlackStore } from '../../src/slack/slack-store.ts';
import type { Fault } from '../support/slack-api-proxy.ts';
import { BOT_TOKEN, type SlackEmulator, startSlackApi } from '../support/slack-emulator.ts';
import { PROJECT } from '../support/source-tree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** When a process dies: at its nth post or lookup, or so long after it first called. */
type Death =
  | { readonly kind: 'before it arrives' | 'before the answer' | 'before it is noted'; readonly nth: number }
  | { readonly kind: 'during the lookup' }
  | { readonly kind: 'some time'; readonly ms: number };

const atPost = fc.record({
  kind: fc.constantFrom('before it arrives', 'before the answer', 'before it is noted'),
  nth: fc.integer({ min: 1, max: 3 }),
});
/** Only who died at a post is followed by one who looks something up. */
const deaths = fc.oneof(
  fc.tuple(atPost),
  fc.tuple(atPost, fc.constant({ kind: 'during the lookup' as const })),
  fc.tuple(fc.record({ kind: fc.constant('some time' as const), ms: fc.nat({ max: 80 }) })),
);
const RUNS = 6;
const plans = fc
  .sample(fc.array(deaths, { minLength: 4, maxLength: 5 }), { numRuns: RUNS, seed: 20 })
  .map((plan): readonly Death[] => plan.flat());

/** So fast do the clocks of those processes run that nobody waits for rates. */
const SPEED = 50;
const PEOPLE = ['rita', 'max'].map((name) => ({ name, real_name: name, email: `${name}@acme.test` }));
const NOTICES = Array.from({ length: 12 }, (_, index) => `notice ${index}`);
const DIRECT = [
  ['rita', 'direct 0'],
  ['max', 'direct 1'],
  ['rita', 'direct 2'],
  ['max', 'direct 3'],
] as const;

function fillOutbox(slack: SlackEmulator, database: string): void {
  const db = openDatabase(database);
  migrateUp(db);
  const { mirrors, outbox } = createSlackStore(db);
  const at = Date.now() * SPEED;
  const channel = slack.channels['deals'] ?? '';
  mirrors.add({
    ...{ id: 'm1', quote: 'q1' as QuoteId, session: 's1', channel, channelName: 'deals' },
    ...{ sharedBy: 'max' as UserId, createdAt: at, followedSeq: 1, followedTotal: '' },
  });
  outbox.add({ key: 'card', mirror: 'm1', message: { kind: 'card', channel }, at });
  for (const key of NOTICES)
    outbox.add({ key, mirror: 'm1', message: { kind: 'thread', channel, text: key, blocks: [] }, at });
  for (const [name, key] of DIRECT) {
    const user = slack.users[name] ?? '';
    outbox.add({ key, mirror: null, message: { kind: 'direct', user, text: key, blocks: [] }, at });
  }
  db.close();
}

/** Runs a process until it dies as told, or has sent everything. Gives whether it died. */
async function runOnce(
  { proxy }: SlackEmulator,
  database: string,
  plan: Death | undefined,
): Promise<boolean> {
  const dieAfter = plan?.kind === 'before it is noted' ? plan.nth : 0;
  const args = ['test/support/deliver-to-slack.ts', database, proxy.url, BOT_TOKEN, SPEED, dieAfter].map(
    String,
  );
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  proxy.decide = plan === undefined ? () => null : killer(child, plan);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  proxy.decide = () => null;
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`it ended with ${code}:\n${printed}`);
  return signal === 'SIGKILL';
}

function killer(child: ChildProcess, plan: Death): (method: string) => Fault | null {
  const kill = (): void => void child.kill('SIGKILL');
  let [calls, posts] = [0, 0];
  return (method) => {
    if (plan.kind === 'some time' && calls++ === 0) setTimeout(kill, plan.ms);
    if (plan.kind === 'during the lookup' && (method.endsWith('history') || method.endsWith('replies'))) {
      kill();
      return 'lost_request';
    }
    if (method !== 'chat.postMessage' || !('nth' in plan) || ++posts !== plan.nth) return null;
    if (plan.kind === 'before it is noted') return null;
    kill();
    return plan.kind === 'before it arrives' ? 'lost_request' : 'hang';
  };
}

test.each(plans.map((plan, run) => ({ run, plan })))(
  'a process is killed over and over, and everything arrives once and in order (run $run)',
  async ({ plan }) => {
    const slack = await startSlackApi(PEOPLE);
    const database = join(temporaryFolder(), 'quoteroom.db');
    fillOutbox(slack, database);
    let kills = 0;
    for (const next of plan) kills += Number(await runOnce(slack, database, next));
    await runOnce(slack, database, undefined);
    expect(kills).toBeGreaterThanOrEqual(3);

    const keysIn = async (channel: string): Promise<(string | undefined)[]> =>
      (await slack.messages(channel)).map(({ metadata }) => metadata?.event_payload.key);
    expect(await keysIn(slack.channels['deals'] ?? '')).toEqual(['card', ...NOTICES]);
    for (const { name } of PEOPLE) {
      const lane = await slack.directChannel(slack.users[name] ?? '');
      expect(await keysIn(lane)).toEqual(DIRECT.filter(([to]) => to === name).map(([, key]) => key));
    }
    const db = openDatabase(database);
    expect(createSlackStore(db).outbox.counts()).toMatchObject({ sent: 17, dead: 0 });
    db.close();
  },
);

import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { SERVER_CLIENT_ID } from '../../src/lib/limits.ts';
import { any, forgeBlock, inRoot, nested, on } from '../support/forge.ts';
import {
  MALLORY_CLIENT,
  type Scene,
  createScene,
  expectConverged,
  expectSound,
  set,
} from '../support/scene.ts';

/** Values and keys that no column takes are ordinary refusals: nobody is closed for a mistake. */
const M = MALLORY_CLIENT;
const QUANTITY = 'lineItems/l1/quantity';

function write(scene: Scene, cell: string, value: unknown): ReturnType<Scene['send']> {
  const [root = '', ...key] = cell.split('/');
  return scene.send(forgeBlock(M, scene.nextClock(), inRoot(root, key.join('/'), any(value))));
}

describe('[H18] keys', () => {
  const keys = [
    'fields/__proto__',
    'fields/constructor',
    'fields/toString',
    'fields/',
    'fields/title/x',
    'fields/x_',
    'fields/x_\u{1F600}',
    'lineItems/__proto__/constructor',
    'lineItems/l1/__proto__',
    'lineItems/l1/position/x',
    'lineItems/l1',
    'lineItems//quantity',
    'lineItems/l1 /quantity',
    'lineItems/l1/quantity\u0000',
    'lineItems/l1/cost',
    'discounts/d1/x_free',
    `lineItems/${'r'.repeat(65)}/quantity`,
  ];
  test.each(keys)('[H18] %s is no cell', (cell) => {
    const scene = createScene();
    expect(write(scene, cell, 'CANARY')).toMatchObject({
      verdicts: [{ cell, offered: 'CANARY', applied: null, verdict: 'refused', reason: 'invalid_value' }],
    });
    expect(({} as Record<string, unknown>)['CANARY']).toBeUndefined();
    expectSound(scene);
    expect(Buffer.from(scene.bytes()).includes('CANARY')).toBe(false);
  });
});

describe('[H35] values', () => {
  const pollution = JSON.parse(
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  ) as unknown;
  const values: readonly (readonly [name: string, value: unknown, offered: unknown])[] = [
    ['a number', 7, 7],
    ['NaN', Number.NaN, 'NaN'],
    ['-0', -0, '-0'],
    ['infinity', Infinity, 'Infinity'],
    ['a BigInt', 5n, '5n'],
    ['a boolean', true, true],
    ['bytes', Uint8Array.of(1, 2), '2 bytes'],
    ['a list', ['20'], ['20']],
    ['an object', { valueOf: '20' }, { valueOf: '20' }],
    ['an object with __proto__', pollution, { constructor: { prototype: { polluted: true } } }],
    ['text that is no number', '1e5', '1e5'],
    ['a number with spaces', ' 20', ' 20'],
    ['other digits', '٢٠', '٢٠'],
    ['too many digits', '1234567890123', '1234567890123'],
    ['the empty text', '', ''],
    ['64 KiB of digits', '1'.repeat(65_536), `${'1'.repeat(8_192)}...`],
  ];
  test.each(values)('[H35] %s is no quantity', (_name, value, offered) => {
    const scene = createScene();
    const outcome = write(scene, QUANTITY, value);
    expect(outcome).toMatchObject({
      verdicts: [
        { cell: QUANTITY, before: '20', offered, applied: '20', verdict: 'refused', reason: 'invalid_value' },
      ],
    });
    expect(JSON.parse(JSON.stringify(outcome.kind === 'judged' ? outcome.verdicts : null))).toMatchObject([
      { offered },
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expectSound(scene);
  });

  test('[H35] two megabytes of text', () => {
    const scene = createScene();
    const big = 'CANARY'.repeat(350_000);
    const outcome = write(scene, 'fields/title', big);
    expect(outcome).toMatchObject({ verdicts: [{ reason: 'invalid_value', applied: 'Big deal' }] });
    if (outcome.kind === 'judged') expect(outcome.merged?.length).toBeLessThan(200);
    expectSound(scene);
  });

  test('[H35] a value nested as deep as is looked at, and deeper', () => {
    const scene = createScene();
    const deep = (depth: number): Uint8Array =>
      forgeBlock(M, scene.nextClock(), inRoot('fields', 'title', nested(depth)));
    expect(scene.send(deep(64))).toMatchObject({
      verdicts: [{ reason: 'invalid_value', offered: [[[['...']]]] }],
    });
    expect(scene.send(deep(65))).toMatchObject({ kind: 'malformed' });
    expect(scene.send(deep(1_000_000))).toMatchObject({ kind: 'malformed' });
    expectSound(scene);
  });

  test('[H35] undefined empties a cell like null', () => {
    const scene = createScene();
    expect(write(scene, QUANTITY, undefined)).toMatchObject({
      verdicts: [
        { operation: 'delete', offered: null, applied: '20', verdict: 'refused', by: { user: 'vera' } },
      ],
    });
    const seen = scene.send(forgeBlock(M, scene.nextClock(), on(scene.tip(QUANTITY), any(undefined))));
    expect(seen).toMatchObject({
      verdicts: [{ operation: 'delete', offered: null, applied: null, verdict: 'accepted' }],
    });
    expectSound(scene, { [QUANTITY]: null });
  });

  test('[H35] a position cannot be emptied, by a value or by a deletion', () => {
    const scene = createScene();
    set(scene.rita, 'lineItems/l1/position', null);
    expect(scene.star.up(scene.rita)).toMatchObject({
      verdicts: [{ reason: 'invalid_value', applied: 'a0' }],
    });
    scene.star.settle();
    scene.rita.doc.getMap('lineItems').delete('l1/position');
    expect(scene.star.up(scene.rita)).toMatchObject({
      verdicts: [{ reason: 'invalid_value', applied: 'a0' }],
    });
    expectSound(scene);
  });

  test('[H35] an equal value set again, over and over, makes the server write nothing', () => {
    const scene = createScene();
    const servers = (): number => Y.getState(scene.star.gate.doc.store, SERVER_CLIENT_ID);
    const before = servers();
    for (let round = 0; round < 50; round++) {
      set(scene.rita, QUANTITY, '20');
      expect(scene.star.up(scene.rita)).toMatchObject({
        verdicts: [{ verdict: 'accepted', applied: '20' }],
        aliases: [],
      });
      scene.star.settle();
    }
    expect(servers()).toBe(before);
    expectSound(scene);
  });

  test('[A35] a refused value that equals the winner leaves its author able to go on', () => {
    const scene = createScene();
    scene.star.disconnect(scene.rita);
    set(scene.vp, QUANTITY, '21');
    scene.star.settle();
    set(scene.rita, QUANTITY, '21');
    scene.star.reconnect(scene.rita);
    expect(scene.star.history.at(-1)?.outcome).toMatchObject({
      verdicts: [{ reason: 'authority_overridden' }],
    });
    scene.star.settle();
    set(scene.rita, QUANTITY, '22');
    expect(scene.star.up(scene.rita)).toMatchObject({ verdicts: [{ verdict: 'accepted', applied: '22' }] });
    expectSound(scene, { [QUANTITY]: '22' });
  });

  test('[A35] whoever was refused for a cell that a higher role emptied may write it next', () => {
    for (const client of [5, 4_000_000_000]) {
      const scene = createScene();
      const rob = scene.star.join({ user: 'rob', role: 'sales_rep', clientId: client });
      scene.star.settle();
      scene.star.disconnect(rob);
      set(scene.vp, QUANTITY, null);
      scene.star.settle();
      set(rob, QUANTITY, '5');
      scene.star.reconnect(rob);
      expect(scene.star.history.at(-1)?.outcome).toMatchObject({
        verdicts: [{ reason: 'authority_overridden', applied: null }],
      });
      scene.star.settle();
      set(rob, QUANTITY, '6');
      expect(scene.star.up(rob)).toMatchObject({ verdicts: [{ verdict: 'accepted', applied: '6' }] });
      scene.star.settle();
      expectConverged(scene.star);
    }
  });
});

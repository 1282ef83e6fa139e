import * as decoding from 'lib0/decoding';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PERMISSIONS, ROLES } from '../../src/authority/role.ts';
import { ORIGINS } from '../../src/authority/actor.ts';
import { OPERATIONS, REFUSAL_REASONS } from '../../src/authority/verdict.ts';
import { closeCodes } from '../../src/wire/close-codes.ts';
import { encodeEvent } from '../../src/wire/frames.ts';
import { MESSAGE_EVENT, type ServerEvent, serverEventSchema } from '../../src/wire/messages.ts';
import { END_REASONS, SESSION_STATES } from '../../src/wire/session-schemas.ts';

const text = fc.string();
const revision = fc.nat();
const user = fc.record({ id: text, name: text, role: fc.constantFrom(...ROLES) });
const value = fc.oneof(text, fc.boolean(), fc.constant(null));
const permission = fc.constantFrom(...PERMISSIONS);
/** A key `__proto__` is left out by whoever parses, and is nobody's loss. */
const json = fc
  .jsonValue()
  .map((any) => JSON.parse(JSON.stringify(any)))
  .filter((any) => !JSON.stringify(any).includes('__proto__'));
const writes = fc.array(
  fc.record(
    {
      cell: text,
      operation: fc.constantFrom(...OPERATIONS),
      before: value,
      offered: json,
      applied: value,
      reason: fc.constantFrom(...REFUSAL_REASONS),
      by: user,
    },
    { requiredKeys: ['cell', 'operation', 'before', 'applied'] },
  ),
);

/** One of each: the compiler refuses a type without. */
const arbitraries: { [Type in ServerEvent['type']]: fc.Arbitrary<Extract<ServerEvent, { type: Type }>> } = {
  hello: fc.record({
    type: fc.constant('hello'),
    user,
    permission,
    sessionId: text,
    revision,
    serverTime: fc.nat(),
  }),
  ack: fc.record({ type: fc.constant('ack'), frames: fc.nat(), revision }),
  refused: fc.record({
    type: fc.constant('refused'),
    revision,
    writes: fc.array(
      fc.record(
        { cell: text, reason: fc.constantFrom(...REFUSAL_REASONS), by: user, kept: value, offered: json },
        { requiredKeys: ['cell', 'reason', 'kept', 'offered'] },
      ),
    ),
  }),
  overridden: fc.record({
    type: fc.constant('overridden'),
    revision,
    writes: fc.array(fc.record({ cell: text, by: user, kept: value, yours: value })),
  }),
  session: fc.record(
    {
      type: fc.constant('session'),
      sessionId: text,
      state: fc.constantFrom(...SESSION_STATES),
      endsAt: fc.nat(),
      why: fc.constantFrom(...END_REASONS),
      by: fc.record({ id: text, name: text }),
    },
    { requiredKeys: ['type', 'sessionId', 'state'] },
  ),
  conflicts: fc.record({
    type: fc.constant('conflicts'),
    conflicts: fc.array(
      fc.record(
        {
          n: fc.nat(),
          cell: text,
          since: fc.nat(),
          settlesAt: fc.nat(),
          kept: fc.record({ by: user, value, revision }),
          parked: fc.array(fc.record({ by: user, value, revision }, { requiredKeys: ['by', 'revision'] }), {
            maxLength: 3,
          }),
          openedBy: user,
          mayChoose: fc.boolean(),
        },
        { requiredKeys: ['n', 'cell', 'since', 'settlesAt', 'kept', 'parked', 'mayChoose'] },
      ),
      { maxLength: 3 },
    ),
  }),
  permission: fc.record(
    { type: fc.constant('permission'), permission, role: fc.constantFrom(...ROLES), penWith: user },
    { requiredKeys: ['type', 'permission', 'role'] },
  ),
  entries: fc.record({
    type: fc.constant('entries'),
    entries: fc.array(
      fc.record(
        {
          seq: revision,
          at: fc.nat(),
          user,
          origin: fc.constantFrom(...ORIGINS),
          writes,
          writeCount: fc.nat(),
          notes: fc.array(text),
        },
        { requiredKeys: ['seq', 'at', 'user', 'origin', 'writes'] },
      ),
      { maxLength: 3 },
    ),
  }),
  rules: fc.record({
    type: fc.constant('rules'),
    revision,
    policy: text,
    standing: fc.array(fc.record({ cell: text, by: user })),
  }),
};

test.each(Object.entries(arbitraries))('[W7] %s survives encoding and decoding', (_type, arbitrary) => {
  fc.assert(
    fc.property(arbitrary as fc.Arbitrary<ServerEvent>, (event) => {
      const decoder = decoding.createDecoder(encodeEvent(event));
      expect(decoding.readVarUint(decoder)).toBe(MESSAGE_EVENT);
      expect(serverEventSchema.parse(JSON.parse(decoding.readVarString(decoder)))).toEqual(event);
      expect(decoding.hasContent(decoder)).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test('[W7] anything else is no event', () => {
  for (const other of [null, 7, {}, { type: 'whatever' }, { type: 'ack', frames: 'all', revision: 1 }]) {
    expect(serverEventSchema.safeParse(other).success).toBe(false);
  }
});

test('[W8] a stock client comes back after some codes and stays away after others', () => {
  const isFinal = (code: number): boolean => code >= 4400 && code < 4500;
  const names = Object.entries(closeCodes);
  expect(names.filter(([, code]) => isFinal(code)).map(([name]) => name)).toEqual([
    'malformed',
    'unauthenticated',
    'forbidden',
    'noSuchQuote',
    'sessionEnded',
  ]);
  expect(names.filter(([, code]) => !isFinal(code)).map(([, code]) => code)).toEqual([
    1012, 1013, 4508, 4509, 4529,
  ]);
});

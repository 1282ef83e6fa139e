import { createEncoder, toUint8Array, writeVarUint } from 'lib0/encoding';
import { expect, test } from 'vitest';
import { writeSyncStep1, writeSyncStep2, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';
import { type CountedFrame, countSentFrames, countedFrameOf } from '../../src/client/frame-counter.ts';

type Write = (encoder: ReturnType<typeof createEncoder>) => void;

function frame(type: number, write: Write = () => {}): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, type);
  write(encoder);
  return toUint8Array(encoder);
}

const doc = new Y.Doc();
const update = frame(0, (encoder) => writeUpdate(encoder, Y.encodeStateAsUpdate(doc)));
const step1 = frame(0, (encoder) => writeSyncStep1(encoder, doc));
const step2 = frame(0, (encoder) => writeSyncStep2(encoder, doc));
const presence = frame(1, (encoder) => writeVarUint(encoder, 1));

test('counts sync step 2 and updates as y-protocols writes them, and nothing else', () => {
  expect([step2, update, step1, presence, frame(0), frame(3)].map(countedFrameOf)).toEqual([
    'step2',
    'update',
    null,
    null,
    null,
    null,
  ]);
  expect(countedFrameOf('text')).toBe(null);
});

test('reports a frame before it leaves, and sends every frame as it is', () => {
  const seen: (CountedFrame | unknown)[] = [];
  const socket: Pick<WebSocket, 'send'> = { send: (data) => seen.push(data) };
  countSentFrames(socket, (counted) => seen.push(counted));
  socket.send(step1.slice());
  socket.send(step2.slice());
  socket.send(update.slice());
  expect(seen).toEqual([step1, 'step2', step2, 'update', update]);
});

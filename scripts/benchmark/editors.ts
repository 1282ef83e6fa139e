import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { RunningTarget } from './targets.ts';

/**
 * Editors of one document, as light as they can be, so that the server is what is measured: each makes real Yjs updates in a
 * document of its own, answers the server's step 1, and throws away what it is sent. Only observers read: they hold the
 * whole document and tell when they see which edit.
 */
export interface Editor {
  /** Sends one edit. Gives its number, under which observers will see it. */
  edit(): number;
  /** Sends an edit that nobody times. */
  fill(text: string): void;
  readonly socket: WebSocket;
  close(): void;
}

export interface Observer {
  readonly doc: Y.Doc;
  onSeen(listener: (edit: number) => void): void;
  close(): void;
}

/** Edits are numbered over all editors; the number is the value that is written. */
let edits = 0;

export async function connectEditor(target: RunningTarget, index: number): Promise<Editor> {
  const doc = new Y.Doc();
  const line = doc.getMap('lineItems');
  const link = await connect(target, index, doc, false);
  return {
    socket: link.socket,
    edit() {
      const number = ++edits;
      line.set(`l${index}/quantity`, String(number));
      return number;
    },
    fill: (text) => void line.set(`l${index}/description`, text),
    close: link.close,
  };
}

export async function connectObserver(target: RunningTarget, index: number): Promise<Observer> {
  const doc = new Y.Doc();
  const listeners: ((edit: number) => void)[] = [];
  doc.getMap('lineItems').observe((event) => {
    for (const changed of event.keysChanged) {
      const key = String(changed);
      if (!key.endsWith('/quantity')) continue;
      const value = Number(doc.getMap('lineItems').get(key));
      for (const listener of listeners) listener(value);
    }
  });
  const link = await connect(target, index, doc, true);
  return { doc, onSeen: (listener) => void listeners.push(listener), close: link.close };
}

async function connect(
  target: RunningTarget,
  index: number,
  doc: Y.Doc,
  isObserver: boolean,
): Promise<{ socket: WebSocket; close(): void }> {
  const socket = new WebSocket(await target.url(index), { perMessageDeflate: false });
  socket.binaryType = 'arraybuffer';
  const send = (write: (encoder: encoding.Encoder) => void): void => {
    const encoder = encoding.createEncoder();
    encoding.writeUint8Array(encoder, target.prefix);
    encoding.writeVarUint(encoder, 0);
    write(encoder);
    if (socket.readyState === WebSocket.OPEN) socket.send(encoding.toUint8Array(encoder));
  };
  const sendStep1 = (): void =>
    send((encoder) => {
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarUint8Array(encoder, Y.encodeStateVector(doc));
    });
  const isSynced = new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code, reason) => reject(new Error(`closed ${code}: ${reason.toString()}`)));
    socket.on('message', (data: ArrayBuffer) => {
      const decoder = decoding.createDecoder(new Uint8Array(data));
      if (target.prefix.length > 0) decoding.readVarString(decoder);
      const type = decoding.readVarUint(decoder);
      if (type !== 0 && type !== 4) return;
      const step = decoding.readVarUint(decoder);
      if (step === 0) {
        const stateVector = decoding.readVarUint8Array(decoder);
        send((encoder) => {
          encoding.writeVarUint(encoder, 1);
          encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(doc, stateVector));
        });
        return;
      }
      if (isObserver) Y.applyUpdate(doc, decoding.readVarUint8Array(decoder), 'server');
      if (step === 1) resolve();
    });
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  if (target.hello !== null) socket.send(target.hello);
  sendStep1();
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === 'server') return;
    send((encoder) => {
      encoding.writeVarUint(encoder, 2);
      encoding.writeVarUint8Array(encoder, update);
    });
  });
  await isSynced;
  return { socket, close: () => socket.terminate() };
}

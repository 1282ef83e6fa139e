import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { PeopleOrder, PeopleReport } from './presence.ts';

/**
 * Some of the people of the presence benchmark, a process of its own that `presence.ts` tells what to do. All are y-websocket
 * clients as they are delivered; of Hocuspocus' frames only the name in front is taken off and put on.
 */
interface Person {
  readonly provider: WebsocketProvider;
  move(): void;
}

const SAMPLE_EVERY = 20;

// each provider wants to hear of the end of the process
process.setMaxListeners(0);

const people: Person[] = [];
let frames = 0;
let bytes = 0;
let moves = 0;
let seen = 0;
let latencies: number[] = [];

/** ms since 1970 with parts of it, the same in all processes. */
const now = (): number => performance.timeOrigin + performance.now();

/** The socket of a stock client for a server that wants more before each message. */
function socketFor(prefix: Buffer, hello: Buffer | null): typeof globalThis.WebSocket {
  class PrefixedWebSocket extends WebSocket {
    constructor(url: string) {
      super(url, { perMessageDeflate: false });
      if (hello !== null) this.once('open', () => super.send(hello));
      this.on('message', countPresence);
    }
    override send(data: Uint8Array): void {
      super.send(prefix.length === 0 ? data : Buffer.concat([prefix, data]));
    }
    override emit(event: string, ...args: unknown[]): boolean {
      const [data, ...rest] = args;
      if (event !== 'message' || prefix.length === 0) return super.emit(event, ...args);
      return super.emit(event, (data as ArrayBuffer).slice(prefix.length), ...rest);
    }
  }
  return PrefixedWebSocket as unknown as typeof globalThis.WebSocket;
}

function countPresence(data: ArrayBuffer): void {
  if (new Uint8Array(data)[0] !== 1) return;
  frames += 1;
  bytes += data.byteLength;
}

function connect(url: string, index: number, socket: typeof globalThis.WebSocket): Promise<Person> {
  const { origin, pathname, searchParams } = new URL(url);
  const path = pathname.split('/');
  const room = path.pop() ?? '';
  const provider = new WebsocketProvider(`${origin}${path.join('/')}`, room, new Y.Doc(), {
    WebSocketPolyfill: socket,
    disableBc: true,
    params: Object.fromEntries(searchParams),
  });
  ignoreForeignMessages(provider);
  provider.awareness.on('change', ({ updated }: { updated: number[] }) => noteSeen(provider, updated));
  let step = 0;
  const person: Person = {
    provider,
    move() {
      step += 1;
      moves += 1;
      const cell = `lineItems/l${index}-${step % 40}/quantity`;
      provider.awareness.setLocalState({ cell, editing: step % 2 === 0 ? cell : null, viewport: now() });
    },
  };
  return new Promise((resolve) => provider.once('sync', () => resolve(person)));
}

/** Hocuspocus answers a step 1 with a message type of its own, and tells what is stored with another. */
function ignoreForeignMessages({ messageHandlers }: WebsocketProvider): void {
  const [sync] = messageHandlers;
  if (sync !== undefined) messageHandlers[4] = sync;
  for (const type of [5, 6, 7, 8]) messageHandlers[type] = () => undefined;
}

function noteSeen({ awareness }: WebsocketProvider, clients: readonly number[]): void {
  const at = now();
  for (const client of clients) {
    if (client === awareness.clientID || ++seen % SAMPLE_EVERY !== 0) continue;
    const movedAt: unknown = awareness.getStates().get(client)?.['viewport'];
    if (typeof movedAt === 'number') latencies.push(at - movedAt);
  }
}

/** Spread evenly: with a timer for each they would soon all move at once. */
function startMoving(everyMs: number): void {
  const start = now();
  let made = 0;
  setInterval(() => {
    const due = Math.floor(((now() - start) / everyMs) * people.length);
    for (; made < due; made++) people[made % people.length]?.move();
  }, 1);
}

async function obey(order: PeopleOrder): Promise<void> {
  switch (order.kind) {
    case 'connect': {
      const socket = socketFor(
        Buffer.from(order.prefix, 'hex'),
        order.hello === null ? null : Buffer.from(order.hello, 'hex'),
      );
      for (const [index, url] of order.urls.entries()) people.push(await connect(url, index, socket));
      return;
    }
    case 'move':
      startMoving(order.everyMs);
      return;
    case 'count':
      [frames, bytes, moves, latencies] = [0, 0, 0, []];
      return;
    case 'report':
  }
}

process.on('message', (order: PeopleOrder) => {
  void obey(order).then(() => {
    const connected = people.filter(({ provider }) => provider.wsconnected).length;
    const report: PeopleReport = { frames, bytes, moves, connected, latencies };
    process.send?.(report);
  });
});

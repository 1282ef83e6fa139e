import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/**
 * A network cable between one person's browser and the server: an address of its own behind which the server stands.
 * Whatever the browser sends goes through it, sockets that are open and its service worker too, which the browser's
 * own offline mode leaves alone.
 */
export interface Cable {
  readonly url: string;
  /** Nothing gets through in either direction from now on; what is sent waits. */
  hold(): void;
  /** What waited goes on, in order. */
  release(): void;
  /** Ends all connections, and takes no new ones until it is plugged in again. */
  pull(): Promise<void>;
  plug(): Promise<void>;
}

export async function layCable(serverPort: number): Promise<Cable> {
  const sockets = new Set<Socket>();
  let isHeld = false;
  const server: Server = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      // Whichever side goes first, however rudely, takes the other with it.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.end();
      });
      if (isHeld) from.pause();
    }
  });

  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const pull = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const port = await listen(0);
  onTestFinished(pull);

  return {
    url: `http://127.0.0.1:${port}`,
    hold() {
      isHeld = true;
      for (const socket of sockets) socket.pause();
    },
    release() {
      isHeld = false;
      for (const socket of sockets) socket.resume();
    },
    pull,
    async plug() {
      await listen(port);
    },
  };
}

import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';

/** An identity provider's key endpoint on the loopback interface, whose answers the test decides. */
export interface KeyProvider {
  readonly url: string;
  requests(): number;
  body(): string;
  answer(status: number, body: string): void;
  answerWith(respond: (response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export async function startKeyProvider(keys: JWK[]): Promise<KeyProvider> {
  let requests = 0;
  const listed = JSON.stringify({ keys });
  const saying = (status: number, body: string) => (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  let respond: (response: ServerResponse) => void = saying(200, listed);
  const server = createServer((_, response) => {
    requests += 1;
    respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/keys`,
    requests: () => requests,
    body: () => listed,
    answer: (status, body) => {
      respond = saying(status, body);
    },
    answerWith: (other) => {
      respond = other;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { Fault } from '../lib/fault.ts';

/** A WebSocket class: the browser's, or that of the `ws` package. */
export type WebSocketConstructor = new (
  url: string,
  protocols?: string[],
) => { binaryType: string; readonly readyState: number; send(data: Uint8Array): void; close(): void };

/** The class to connect with: the given one, or the runtime's own. Throws a `Fault` where there is neither. */
export function webSocketOf(polyfill: WebSocketConstructor | undefined): typeof WebSocket {
  const constructor: unknown = polyfill ?? globalThis.WebSocket;
  if (typeof constructor !== 'function') {
    throw new Fault({
      code: 'client_no_websocket',
      message:
        'This runtime has no WebSocket of its own (Node before 22): pass WebSocketPolyfill, the class of the "ws" package.',
      retryable: false,
    });
  }
  // the provider uses no more of the class than WebSocketConstructor has, and four handlers
  return constructor as typeof WebSocket;
}

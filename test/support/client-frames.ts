import * as encoding from 'lib0/encoding';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as Y from 'yjs';

/** Frames and what goes into them, as a stock client makes them; or as it never would. */

export function frameOf(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

/** A document with these cells, `lineItems/l1/quantity`, written one by one. */
export function documentOf(cells: Readonly<Record<string, unknown>>): Y.Doc {
  const doc = new Y.Doc();
  for (const [cell, value] of Object.entries(cells)) {
    const at = cell.indexOf('/');
    doc.getMap(cell.slice(0, at)).set(cell.slice(at + 1), value);
  }
  return doc;
}

/** A client's presence that was set once, which is clock 1. */
export function presenceOf(state: Record<string, unknown>, client?: number): awarenessProtocol.Awareness {
  const awareness = new awarenessProtocol.Awareness(new Y.Doc());
  // Its timer would outlive the test.
  clearInterval(awareness._checkInterval);
  if (client !== undefined) awareness.clientID = client;
  awareness.setLocalState(state);
  return awareness;
}

export const presenceBody = (awareness: awarenessProtocol.Awareness): Uint8Array =>
  awarenessProtocol.encodeAwarenessUpdate(awareness, [awareness.clientID]);

/** FIN and opcode 2: one whole binary message. */
const BINARY = 0x82;

/**
 * Puts messages into WebSocket frames as a server sends them: binary, whole, unmasked, uncompressed (RFC 6455, section
 * 5.2). The frame of the last message is kept, since a broadcast hands the same bytes to everyone.
 */
export function createFramer(): (message: Uint8Array) => Buffer {
  let last: Uint8Array | null = null;
  let frame: Buffer = Buffer.alloc(0);
  return (message) => {
    if (message !== last) {
      last = message;
      frame = Buffer.concat([headerOf(message.length), message]);
    }
    return frame;
  };
}

function headerOf(bytes: number): Buffer {
  if (bytes < 126) return Buffer.from([BINARY, bytes]);
  const header = Buffer.alloc(bytes < 65_536 ? 4 : 10);
  header[0] = BINARY;
  if (bytes < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(bytes, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(bytes), 2);
  }
  return header;
}

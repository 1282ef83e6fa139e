import { type Decoder, readVarString } from 'lib0/decoding';
import { type ServerEvent, serverEventSchema } from '../wire/messages.ts';

/**
 * Reads one message of type 100, whose type is already read. Null for what this client does not know or cannot read:
 * a newer server may say more, and no event is needed to stay in step.
 */
export function decodeServerEvent(decoder: Decoder): ServerEvent | null {
  let json: unknown;
  try {
    json = JSON.parse(readVarString(decoder));
  } catch {
    return null;
  }
  const parsed = serverEventSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}
